// Baseline against NOCP over the seed workloads or your own cases: tokens, recall, latency, cost, as a report.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { createClient } from "@nocp/client/create-client.ts";
import { showProgress } from "./load/show-progress.ts";
import { type CaseFailure, type MeasuredGroup, measureGroups } from "./measurement/measure-groups.ts";
import { summarizeGroup } from "./measurement/summarize-group.ts";
import { chosenOf, numberOf, onStdout, readOptions } from "./options/benchmark-options.ts";
import { renderPage } from "./reports/compression-page.ts";
import { createCompressionReport } from "./reports/compression-report.ts";
import { renderMarkdown, renderText } from "./reports/compression-text.ts";
import { printReport } from "./reports/print-report.ts";
import { startCountingModelServer } from "./servers/counting-model-server.ts";
import { startPipeline } from "./servers/start-pipeline.ts";
import { createGroups, workloads } from "./workloads/create-groups.ts";
import { loadUserCases } from "./workloads/load-user-cases.ts";
import { type CaseGroup, sizes } from "./workloads/workload.ts";

const usage = `./nocp benchmark compression [options]

  --workloads LIST         of ${workloads.map(({ name }) => name).join(", ")} (default all)
  --sizes LIST             of ${sizes.join(", ")} (default all)
  --cases N                cases of each group (default 12); with --data, of each file (default all)
  --seed TEXT              what the cases are made from (default nocp)
  --data DIR               your own cases instead: *.jsonl in the format of ./nocp assess, with "needs": ["…"], the
                           strings that the answer must hold, where recall is to be measured
  --model-delay-ms N       time of every answer of the model server (default 200)
  --prefill-ms N           and for each 1,000 tokens of the prompt (default 10)
  --out DIR                where compression.json, .md and .html are written (default reports)
  --json FILE, --markdown FILE, --html FILE   other places for each; --json without one: to stdout
  --strict                 exit code 1 when a criterion is missed, not only when a case could not be measured`;

/** Groups before the measured ones, not counted: the first requests read vocabularies and load modules. */
const WARM_UP = { workloads: workloads.map(({ name }) => name), sizes: ["small"], casesPerGroup: 2, seed: "warm-up" } as const;

const parseOptions = () =>
  readOptions(usage, {
    workloads: { type: "string", default: workloads.map(({ name }) => name).join(",") },
    sizes: { type: "string", default: sizes.join(",") },
    cases: { type: "string" },
    seed: { type: "string", default: "nocp" },
    data: { type: "string" },
    "model-delay-ms": { type: "string", default: "200" },
    "prefill-ms": { type: "string", default: "10" },
    out: { type: "string", default: "reports" },
    json: { type: "string" },
    markdown: { type: "string" },
    html: { type: "string" },
    strict: { type: "boolean", default: false },
  });
type Options = ReturnType<typeof parseOptions>;

function groupsOf(values: Options): CaseGroup[] {
  const cases = values.cases === undefined ? undefined : Math.floor(numberOf("cases", values.cases, 1));
  if (values.data !== undefined) return loadUserCases(values.data, cases);
  return createGroups({
    workloads: chosenOf(
      "workloads",
      values.workloads,
      workloads.map(({ name }) => name),
    ),
    sizes: chosenOf("sizes", values.sizes, sizes),
    casesPerGroup: cases ?? 12,
    seed: values.seed,
  });
}

async function measure(groups: readonly CaseGroup[], times: { modelDelayMs: number; prefillMsPerThousandTokens: number }) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "nocp-cases-")));
  const interruption = new AbortController();
  const interrupt = () => interruption.abort(new Error("interrupted"));
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const server = await startCountingModelServer({ delayMs: times.modelDelayMs, ...times });
  try {
    const pipeline = await startPipeline({
      NOCP_ACT_FILE_ROOTS: root,
      NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: server.url,
      NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: "gpt-4o",
    });
    try {
      const client = await createClient({ natsUrl: pipeline.deployment.natsUrl });
      try {
        const options = { client, server, root, signal: interruption.signal };
        await measureGroups(createGroups(WARM_UP), { ...options, onProgress: () => {} });
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
      modelDelayMs: numberOf("model-delay-ms", values["model-delay-ms"], 0),
      prefillMsPerThousandTokens: numberOf("prefill-ms", values["prefill-ms"], 0),
    },
    groups: measured.groups.map((group) => summarizeGroup(group, now.getTime())),
    failures: measured.failures,
  });
  mkdirSync(values.out, { recursive: true });
  const place = (file: string | undefined, ending: string) => resolve(file ?? join(values.out, `compression.${ending}`));
  const pagePlace = place(values.html, "html");
  writeFileSync(place(values.markdown, "md"), renderMarkdown(report));
  writeFileSync(pagePlace, renderPage(report));
  printReport(`${renderText(report)}\n\n${pagePlace}`, report, values.json === onStdout ? onStdout : place(values.json, "json"));
  return report.criteria.every(({ met }) => met);
}

const options = parseOptions();
const measured = await measure(groupsOf(options), {
  modelDelayMs: numberOf("model-delay-ms", options["model-delay-ms"], 0),
  prefillMsPerThousandTokens: numberOf("prefill-ms", options["prefill-ms"], 0),
});
const allMet = writeReports(options, measured);
process.exitCode = measured.failures.length > 0 || (options.strict && !allMet) ? 1 : 0;
