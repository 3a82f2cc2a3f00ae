// ./nocp assess: the service's own work from stdin to stdout, without a queue.
import { type Command, Option } from "@commander-js/extra-typings";
import { type AssessModels, runAssessCommand } from "@nocp/assess/assess-command.ts";
import {
  distillerSection,
  embedderSection,
  endpointsOf,
  modelServicesOf,
  parseProvider,
  priceOfCalls,
  providerValuesSchema,
} from "@nocp/assess/model-settings.ts";
import { payloadModes } from "@nocp/contracts/payload-mode.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import type { Environment } from "../command.ts";
import { list, share, wholeNumber } from "../options/option-values.ts";
import { type CommonOptions, withCommonOptions } from "../options/shared-options.ts";
import { findSections } from "../reference/configuration.ts";
import { configSources } from "../settings/config-sources.ts";

export function declareCommand(command: Command, environment: Environment): void {
  const { stdin, stdout, interruption } = environment;
  withCommonOptions(
    command
      .description("Compress JSON lines from stdin, each with items and a query, as the assess service does.")
      .addOption(new Option("--mode <mode>", "what may be left out").choices(["auto", "lossless"] as const))
      .addOption(
        new Option("--payloads <mode>", "in mode lossless, binary data in texts: as they came, or in the archive").choices(
          payloadModes,
        ),
      )
      .option("--target-ratio <ratio>", "share of the tokens to keep, above 0 and at most 1", share)
      .option("--recall-floor <share>", "without a size: as few tokens as this expected recall allows", share)
      .option("--max-tokens <count>", "keep at most this many tokens", wholeNumber(1))
      .option("--model <model>", "model whose tokenizer counts")
      .option("--strategies <names>", "use only these, separated by commas", list)
      .option("--explain", "list what was removed: which part, below what, why, and the reference that fetches it")
      .option("--archive-dir <folder>", "store what is removed in this folder, for ./nocp archive --dir")
      .option("--provider <provider[/model]>", "for strategies that need a model: openai or openai-compatible"),
  ).action(async (options) => {
    interruption.endWithReader();
    const models = await modelsOf(options.provider, environment, options);
    process.exitCode = await runAssessCommand(stdin, stdout, options, models);
  });
}

/** The models of the provider that the command line names; without one, those in the settings of assess. */
async function modelsOf(text: string | undefined, environment: Environment, options: CommonOptions): Promise<AssessModels> {
  const sources = configSources(environment, options);
  if (text === undefined) {
    const config = loadConfig([distillerSection, embedderSection], sources);
    return assessModels({ distiller: config.section(distillerSection), embedder: config.section(embedderSection) });
  }
  const { provider, model } = parseProvider(text);
  const sections = await findSections(environment.root);
  const config = loadConfig(sections, sources);
  const own = sections.find(({ name }) => name === `providers.${provider}`);
  if (own === undefined) throw new Error(`there is no section providers.${provider}`);
  const values = providerValuesSchema.parse(config.section(own));
  const assessValues = { distiller: config.section(distillerSection), embedder: config.section(embedderSection) };
  return assessModels(endpointsOf(provider, model, values, assessValues));
}

const assessModels = (endpoints: ReturnType<typeof endpointsOf>): AssessModels => ({
  services: modelServicesOf(endpoints.distiller, endpoints.embedder),
  priceOfCall: priceOfCalls(endpoints, Date.now),
});
