// ./nocp assess: the service's own work from stdin to stdout, without a queue; its options are the service's.
import { type AssessModels, parseAssessOptions, runAssessCommand } from "@nocp/assess/assess-command.ts";
import {
  embedderSection,
  endpointsOf,
  modelServicesOf,
  type ProviderValues,
  parseProvider,
  priceOfCalls,
  studentSection,
} from "@nocp/assess/model-settings.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import type { Command } from "commander";
import type { CommonOptions, Environment } from "../command.ts";
import { longOptions } from "../long-options.ts";
import { findSections } from "../reference/configuration.ts";
import { configSources } from "../settings/config-sources.ts";

type Options = CommonOptions & Readonly<Record<string, unknown>>;

export function declareCommand(command: Command, environment: Environment): void {
  const { stdin, stdout } = environment;
  command
    .description("Compresses JSON lines from stdin, each with items and a query, as the service assess does.")
    .option("--target-ratio <ratio>", "tokens left over tokens before, above 0 and at most 1")
    .option("--recall-floor <share>", "as few tokens as this expected recall allows, where no size is given")
    .option("--max-tokens <count>", "tokens left at most")
    .option("--model <model>", "whose tokens are counted")
    .option("--strategies <names>", "only these, separated by commas")
    .option("--archive-dir <folder>", "write what is removed there, for ./nocp archive")
    .option("--provider <provider[/model]>", "for the strategies that need a model: openai or openai-compatible")
    .action(async (options: Options) => {
      const names = ["targetRatio", "maxTokens", "recallFloor", "model", "strategies", "archiveDir", "provider"];
      const settings = parseAssessOptions(longOptions(options, names));
      const models = await modelsOf(settings.provider, environment, options);
      process.exitCode = await runAssessCommand(stdin, stdout, settings, models);
    });
}

/** The models of the provider that the command line names; without one, those that the settings of assess name. */
async function modelsOf(text: string | undefined, environment: Environment, options: CommonOptions): Promise<AssessModels> {
  const sources = configSources(environment, options);
  if (text === undefined) {
    const config = loadConfig([studentSection, embedderSection], sources);
    return assessModels({ student: config.section(studentSection), embedder: config.section(embedderSection) });
  }
  const { provider, model } = parseProvider(text);
  const sections = await findSections(environment.root);
  const config = loadConfig(sections, sources);
  const own = sections.find(({ name }) => name === `providers.${provider}`);
  if (own === undefined) throw new Error(`no section providers.${provider}`);
  const values = config.section(own) as unknown as ProviderValues;
  const assessValues = { student: config.section(studentSection), embedder: config.section(embedderSection) };
  return assessModels(endpointsOf(provider, model, values, assessValues));
}

const assessModels = (endpoints: ReturnType<typeof endpointsOf>): AssessModels => ({
  services: modelServicesOf(endpoints.student, endpoints.embedder),
  priceOfCall: priceOfCalls(endpoints, Date.now),
});
