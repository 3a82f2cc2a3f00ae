// The chart's values as Helm would merge them, as far as a check of the cluster needs them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import { parse } from "yaml";
import { z } from "zod";

const enabled = z.object({ enabled: z.boolean() });

const valuesSchema = z.object({
  chain: z.boolean(),
  nats: enabled,
  broker: z.object({
    url: z.string(),
    monitoring: z.string(),
    replicas: z.int(),
    userSecrets: z.string(),
    existingSecret: z.string(),
    provisionerSecret: z.string(),
  }),
  providers: z.object({ existingSecret: z.string() }),
  services: z.record(z.string(), z.looseObject({ existingSecret: z.string().optional() })),
  autoscaling: z.object({ kind: z.enum(["none", "keda", "hpa"]) }),
  networkPolicy: enabled,
  monitoring: z.object({ podMonitor: enabled, rules: enabled }),
});
export type ChartValues = z.infer<typeof valuesSchema>;

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

/** Later values win; maps are merged, lists are replaced. */
const merge = (base: Tree, over: Tree): Tree =>
  Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(over)])].map((key) => {
      const [from, to] = [base[key], over[key]];
      return [key, isTree(from) && isTree(to) ? merge(from, to) : Object.hasOwn(over, key) ? to : from];
    }),
  );

/**
 * @param root the project's folder. @param files of values, the last one wins.
 * @throws NocpError USAGE when a file cannot be read or is not of the chart.
 */
export function loadChartValues(root: string, files: readonly string[]): ChartValues {
  const trees = [join(root, "deploy/helm/nocp/values.yaml"), ...files].map(readTree);
  const parsed = valuesSchema.safeParse(trees.reduce(merge, {}));
  if (!parsed.success) throw new NocpError("USAGE", `the values are not of the chart: ${describeProblems(parsed.error)}`);
  return parsed.data;
}

function readTree(file: string): Tree {
  let content: unknown;
  try {
    content = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new NocpError("USAGE", `${file} cannot be read as YAML`, { cause: error });
  }
  // An empty file changes nothing.
  if (content === null) return {};
  if (!isTree(content)) throw new NocpError("USAGE", `${file} is no map of values`);
  return content;
}
