// Conversations of many turns against a vendor with a prompt cache: what its cache alone saves, and what NOCP saves with it.
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { someOf, wholeNumber } from "@nocp/cli/options/option-values.ts";
import { createClient } from "@nocp/client/create-client.ts";
import { vendorOfModel } from "@nocp/models/vendor-table.ts";
import { type MeasuredDialogues, measureDialogues } from "./measurement/measure-dialogues.ts";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { costsNoMore, renderCaching } from "./reports/caching-text.ts";
import { printReport } from "./reports/print-report.ts";
import { startCachingVendorServer } from "./servers/caching-vendor-server.ts";
import { abortOnSignal } from "./servers/end-on-signal.ts";
import { startPipeline } from "./servers/start-pipeline.ts";
import { workloads } from "./workloads/create-groups.ts";
import { createDialogues } from "./workloads/dialogues.ts";
import { sizes } from "./workloads/workload.ts";

const workloadNames = workloads.map(({ name }) => name);
const defaultModels = ["gpt-5.4", "gpt-4o", "claude-sonnet-4-5", "claude-haiku-4-5"];

const options = readOptions(
  benchmarkCommand("caching")
    .option("--workloads <list>", `of ${workloadNames.join(", ")} (default: all)`, someOf(workloadNames))
    .option("--sizes <list>", `of ${sizes.join(", ")} (default: all)`, someOf(sizes))
    .option("--models <list>", `OpenAI's or Anthropic's (default: ${defaultModels.join(",")})`, (list) => list.split(","))
    .option("--dialogues <count>", "dialogues per group", wholeNumber(1), 3)
    .option("--questions <count>", "questions over one context", wholeNumber(1), 8)
    .option("--seed <text>", "seed that the dialogues are generated from", "nocp")
    .option("--strict", "exit with 1 if NOCP costs more than the vendor's cache alone in any group"),
);

async function measure(): Promise<MeasuredDialogues[]> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "nocp-caching-")));
  const interruption = abortOnSignal();
  await using release = new AsyncDisposableStack();
  release.defer(() => rmSync(root, { recursive: true, force: true }));
  const server = await startCachingVendorServer();
  release.defer(() => server.close());
  const pipeline = await startPipeline(
    {
      NOCP_ACT_FILE_ROOTS: root,
      NOCP_PROVIDERS_OPENAI_DIALECT: "chat",
      OPENAI_API_KEY: "measuring",
      OPENAI_BASE_URL: `${server.url}/v1`,
      ANTHROPIC_API_KEY: "measuring",
      ANTHROPIC_BASE_URL: server.url,
    },
    { interruption },
  );
  release.defer(() => pipeline.stop());
  const client = await createClient({ natsUrl: pipeline.deployment.natsUrl });
  release.defer(() => client.close());
  const groups = createDialogues({
    workloads: options.workloads ?? workloadNames,
    sizes: options.sizes ?? sizes,
    dialoguesPerGroup: options.dialogues,
    questions: options.questions,
    seed: options.seed,
  });
  const measured: MeasuredDialogues[] = [];
  for (const model of options.models ?? defaultModels) {
    const route = { provider: vendorOfModel(model)?.name ?? "openai", model };
    for (const group of groups) {
      const given = { client, server, root, route, signal: interruption, now: Date.now() };
      measured.push(await measureDialogues(group, given));
      process.stderr.write(`${group.workload} ${group.size}, ${group.style}, at ${model} measured\n`);
    }
  }
  return measured;
}

const measured = await measure();
printReport(renderCaching(measured), measured, options.json);
process.exitCode = options.strict && !measured.every(costsNoMore) ? 1 : 0;
