// Baseline against NOCP over the seed workloads or your own cases: tokens, recall, latency, cost, as a report.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { someOf, wholeNumber } from "@nocp/cli/options/option-values.ts";
import { createClient } from "@nocp/client/create-client.ts";
import { showProgress } from "./load/show-progress.ts";
import { type CaseFailure, type MeasuredGroup, measureGroups } from "./measurement/measure-groups.ts";
import { summarizeGroup } from "./measurement/summarize-group.ts";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { renderPage } from "./reports/compression-page.ts";
import { createCompressionReport } from "./reports/compression-report.ts";
import { renderMarkdown, renderText } from "./reports/compression-text.ts";
import { printReport } from "./reports/print-report.ts";
import { startCountingModelServer } from "./servers/counting-model-server.ts";
import { abortOnSignal } from "./servers/end-on-signal.ts";
import { startPipeline } from "./servers/start-pipeline.ts";
import { createGroups, workloads } from "./workloads/create-groups.ts";
import { loadUserCases } from "./workloads/load-user-cases.ts";
import { type CaseGroup, sizes } from "./workloads/workload.ts";

/** Groups before the measured ones, not counted: the first requests read vocabularies and load modules. */
const warmUp = { workloads: workloads.map(({ name }) => name), sizes: ["small"], casesPerGroup: 2, seed: "warm-up" } as const;

const workloadNames = workloads.map(({ name }) => name);

const parseOptions = () =>
  readOptions(
    benchmarkCommand("compression")
      .option("--workloads <list>", `of ${workloadNames.join(", ")} (default: all)`, someOf(workloadNames))
      .option("--sizes <list>", `of ${sizes.join(", ")} (default: all)`, someOf(sizes))
      .option("--cases <count>", "cases per group (default: 12), or per file with --data (default: all)", wholeNumber(1))
      .option("--seed <text>", "seed that the cases are generated from", "nocp")
      .option(
        "--data <folder>",
        'measure your own cases instead: *.jsonl as ./nocp assess reads, with the strings that an answer must hold in "needs" where recall is to be measured',
      )
      .option("--model-delay-ms <ms>", "time per answer of the model server", wholeNumber(0), 200)
      .option("--prefill-ms <ms>", "additional time per 1,000 prompt tokens", wholeNumber(0), 10)
      .option("--out <folder>", "write compression.json, .md and .html here", "reports")
      .option("--markdown <file>", "write the Markdown report here instead")
      .option("--html <file>", "write the HTML report here instead")
      .option("--strict", "exit with 1 if a criterion is missed, not only if a case could not be measured"),
  );
type Options = ReturnType<typeof parseOptions>;

function groupsOf(values: Options): CaseGroup[] {
  const { cases, data, seed } = values;
  if (data !== undefined) return loadUserCases(data, cases);
  return createGroups({
    workloads: values.workloads ?? workloadNames,
    sizes: values.sizes ?? sizes,
    casesPerGroup: cases ?? 12,
    seed,
  });
}

async function measure(groups: readonly CaseGroup[], times: { modelDelayMs: number; prefillMsPerThousandTokens: number }) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "nocp-cases-")));
  const interruption = abortOnSignal();
  const server = await startCountingModelServer({ delayMs: times.modelDelayMs, ...times });
  try {
    const pipeline = await startPipeline(
      {
        NOCP_ACT_FILE_ROOTS: root,
        NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: server.url,
        NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: "gpt-4o",
      },
      { interruption },
    );
    try {
      const client = await createClient({ natsUrl: pipeline.deployment.natsUrl });
      try {
        const options = { client, server, root, signal: interruption };
        await measureGroups(createGroups(warmUp), { ...options, onProgress: () => {} });
        return await measureGroups(groups, { ...options, onProgress: tellProgress });
      } finally {
        await client.close();
      }
    } finally {
      await pipeline.stop();
    }
  } finally {
    await server.close();
    rmSync(root, { recursive: true, force: true });
  }
}

/** A bar that is redrawn for a person, a line a group for a log. */
function tellProgress({ workload, size, label, cases }: CaseGroup, done: number): void {
  showProgress(`${workload} ${size} (${label})`)(done, cases.length);
  if (done === cases.length) process.stderr.write(`${workload} ${size} (${label}): ${done} cases measured\n`);
}

function writeReports(
  values: Options,
  measured: { groups: readonly MeasuredGroup[]; failures: readonly CaseFailure[] },
): boolean {
  const now = new Date();
  const report = createCompressionReport({
    at: now.toISOString(),
    machine: {
      cores: cpus().length,
      cpu: cpus()[0]?.model ?? "unknown",
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
    },
    settings: {
      seed: values.seed,
      dataFolder: values.data ?? null,
      modelDelayMs: values.modelDelayMs,
      prefillMsPerThousandTokens: values.prefillMs,
    },
    groups: measured.groups.map((group) => summarizeGroup(group, now.getTime())),
    failures: measured.failures,
  });
  mkdirSync(values.out, { recursive: true });
  const place = (file: string | undefined, ending: string) => resolve(file ?? join(values.out, `compression.${ending}`));
  const pagePlace = place(values.html, "html");
  writeFileSync(place(values.markdown, "md"), renderMarkdown(report));
  writeFileSync(pagePlace, renderPage(report));
  printReport(
    `${renderText(report)}\n\n${pagePlace}`,
    report,
    values.json === true || values.json === "-" ? true : place(values.json, "json"),
  );
  return report.criteria.every(({ met }) => met);
}

const options = parseOptions();
const measured = await measure(groupsOf(options), {
  modelDelayMs: options.modelDelayMs,
  prefillMsPerThousandTokens: options.prefillMs,
});
const allMet = writeReports(options, measured);
process.exitCode = measured.failures.length > 0 || (options.strict && !allMet) ? 1 : 0;
