// The deployment as a whole: its health, its tenants, the state of its models, and how fast it answers.
import { defaultTenant } from "@nocp/contracts/topology.ts";
import { serviceVersion } from "@nocp/runtime/telemetry/build-info.ts";
import { z } from "zod";
import { checkInput } from "../check-input.ts";
import { refusal } from "../http-failure.ts";
import type { AddRoutes } from "../route-tools.ts";
import { type BenchmarkDependencies, benchmarkBodySchema, runBenchmark } from "./benchmark.ts";
import type { OperatorWork } from "./operator-work.ts";
import { inSnakeCase } from "./snake-case.ts";

const queueSchema = z.object({
  service: z.string(),
  lane: z.string().nullable(),
  waiting: z.int(),
  in_work: z.int(),
  is_served: z.boolean().describe("Whether a process asks for work, or has some."),
});
export const healthSchema = z.object({
  object: z.literal("nocp.health"),
  status: z.enum(["ok", "degraded"]).describe("degraded: no replica is working on one of the queues."),
  version: z.string(),
  nats_version: z.string(),
  queues: z.array(queueSchema),
  dead_letters: z.int(),
});
export const tenantListSchema = z.object({
  object: z.literal("list"),
  data: z.array(
    z.object({
      id: z.string(),
      object: z.literal("nocp.tenant"),
      created_at: z.number().nullable(),
      has_account: z.boolean().describe("Whether it may connect to NATS itself."),
      keys: z.int().describe("Of the HTTP API."),
    }),
  ),
});
export const modelStateListSchema = z.object({
  object: z.literal("list"),
  data: z.array(
    z.looseObject({
      id: z.string(),
      object: z.literal("nocp.model_state"),
      provider: z.string(),
      model: z.string().describe("Empty: all models of the provider."),
      breaker: z.enum(["closed", "open", "half-open"]).nullable().describe("null: it was not called lately."),
      calls: z.int(),
      failures: z.int(),
      slow: z.int(),
    }),
  ),
});

export interface DeploymentRouteDependencies {
  readonly work: Pick<OperatorWork, "health" | "tenants" | "modelStates" | "keys">;
  readonly benchmark: BenchmarkDependencies;
}

export const deploymentRoutes =
  ({ work, benchmark }: DeploymentRouteDependencies): AddRoutes =>
  (app, { operatorsOnly, accessOf, refuse }) => {
    app.get("/nocp/v1/health", operatorsOnly, async () => {
      const { queues, deadLetters, serverVersion } = await work.health();
      const status = queues.every(({ isServed }) => isServed) ? "ok" : "degraded";
      return {
        ...{ object: "nocp.health", status, version: serviceVersion, nats_version: serverVersion },
        ...{ queues: queues.map(inSnakeCase), dead_letters: deadLetters },
      };
    });
    app.get("/nocp/v1/tenants", operatorsOnly, async () => ({ object: "list", data: await tenantsOf(work) }));
    app.get("/nocp/v1/providers/states", operatorsOnly, async () => ({
      object: "list",
      data: (await work.modelStates()).map(({ quota, ...state }) => ({
        ...{ id: state.model === "" ? state.provider : `${state.provider}/${state.model}`, object: "nocp.model_state" },
        ...inSnakeCase(state),
        ...(quota ? { quota: inSnakeCase(quota) } : {}),
      })),
    }));
    let isRunning = false;
    app.post("/nocp/v1/benchmark", operatorsOnly, async (request, reply) => {
      const options = checkInput(benchmarkBodySchema, request.body ?? {});
      if (isRunning) return refuse(request, reply, refusal(409, "BENCHMARK_RUNS", "Another benchmark runs; wait for its end."));
      isRunning = true;
      const gone = new AbortController();
      reply.raw.once("close", () => gone.abort());
      try {
        return await runBenchmark(benchmark, { ...options, tenant: accessOf(request).tenant, signal: gone.signal });
      } finally {
        isRunning = false;
      }
    });
  };

/** Those that have an account of NATS, a key, or both. */
async function tenantsOf({ tenants, keys }: Pick<OperatorWork, "tenants" | "keys">) {
  const withAccount = new Map((await tenants()).map(({ name, createdAt }) => [name, createdAt]));
  const withKey = (await keys.list()).map(({ tenant }) => tenant);
  const names = [...new Set([defaultTenant, ...withAccount.keys(), ...withKey])].sort();
  return names.map((id) => ({
    ...{ id, object: "nocp.tenant", created_at: withAccount.get(id) ?? null },
    has_account: id === defaultTenant || withAccount.has(id),
    keys: withKey.filter((tenant) => tenant === id).length,
  }));
}
