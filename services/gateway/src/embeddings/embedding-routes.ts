// POST /v1/embeddings: passed to the embedding provider as it came, and on the bill like any other call of a model.
import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import { NocpError, reportedErrorOf } from "@nocp/contracts/errors/nocp-error.ts";
import { failedResultOf } from "@nocp/contracts/failed-result.ts";
import { allowsModel } from "@nocp/contracts/gateway-key.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { type FailedPost, postJson, withoutSlash } from "@nocp/models/http/post-json.ts";
import { costOf } from "@nocp/models/prices/cost-of-usage.ts";
import { priceTable } from "@nocp/models/prices/model-prices.ts";
import { InvalidField } from "@nocp/models/server-api.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { billHeaders, identityHeaders } from "../answer-headers.ts";
import { NotAllowed } from "../compose-request.ts";
import { readControls } from "../controls.ts";
import type { AddRoutes, RouteTools, WarningLog } from "../route-tools.ts";
import { bodyOf } from "../serve-call.ts";
import type { ReserveEmbedding } from "./embedding-budget.ts";
import type { EmbeddingProvider, EmbeddingProviders } from "./embedding-providers.ts";

export interface EmbeddingDependencies {
  readonly providers: EmbeddingProviders;
  readonly settings: { readonly embeddings: string; readonly timeoutMs: number };
  readonly fetch: typeof fetch;
  readonly now: () => number;
  readonly logger: WarningLog;
  readonly reserve: ReserveEmbedding;
  record(result: NocpResult): Promise<void>;
}

const path = "/v1/embeddings";

export const embeddingRoutes =
  (dependencies: EmbeddingDependencies): AddRoutes =>
  (_app, tools) =>
    tools.post(path, (request, reply, signal) => embed(request, reply, signal, tools, dependencies));

interface EmbeddingCall {
  readonly provider: EmbeddingProvider;
  readonly model: string;
  readonly body: Readonly<Record<string, unknown>>;
}

async function embed(
  request: FastifyRequest,
  reply: FastifyReply,
  signal: AbortSignal,
  { accessOf }: RouteTools,
  dependencies: EmbeddingDependencies,
): Promise<FastifyReply> {
  const { nocp, ...fields } = bodyOf(request.body);
  const access = accessOf(request);
  const controls = readControls({ headers: request.headers, field: nocp, metadata: {} });
  const call = callOf(fields, dependencies);
  if (!allowsModel(access, String(fields.model))) throw new NotAllowed("model", `the key does not allow ${String(fields.model)}`);
  const requestId = createRequestId();
  const submittedAt = dependencies.now();
  const attempts: ProviderAttempt[] = [];
  const facts = { tenant: access.tenant, requestId, tags: controls.tags ?? [], submittedAt };
  const bill = (error?: unknown) => record(facts, attempts, dependencies, error);
  let settle: ((calls: readonly ProviderAttempt[]) => void) | undefined;
  try {
    const timeoutMs = controls.timeout_ms ?? dependencies.settings.timeoutMs;
    const payer = { tenant: access.tenant, key: access.billed?.key, tags: facts.tags };
    const limits = { maxCostUsd: controls.max_cost_usd, deadlineAt: submittedAt + timeoutMs };
    settle = await dependencies.reserve({ payer, ...worstCaseOf(call, submittedAt), ...limits }, signal);
    const answer = await post(call, timeoutMs, attempts, dependencies, signal);
    const result = await bill();
    return reply
      .headers({ ...identityHeaders(requestId, null), ...billHeaders(result) })
      .type("application/json; charset=utf-8")
      .send(writeJson(answer));
  } catch (error) {
    if (attempts.length > 0) await bill(error);
    if (signal.aborted) return reply.code(499).send();
    throw error;
  } finally {
    settle?.(attempts);
  }
}

/** No tokenizer makes more tokens of a text than it has bytes; a token that is sent as a number has two at least. */
function worstCaseOf({ provider: { name, pricing }, model, body }: EmbeddingCall, at: number) {
  const mostTokens = Buffer.byteLength(writeJson(body.input));
  const usage = { inputTokens: mostTokens, outputTokens: 0, ...noCache };
  return { candidate: { provider: name, model }, mostTokens, worstCaseUsd: costOf(usage, pricing, model, at) };
}

/** @throws InvalidField; NocpError NO_PROVIDER. */
function callOf(fields: Readonly<Record<string, unknown>>, { providers, settings }: EmbeddingDependencies): EmbeddingCall {
  const { model: named, input } = fields;
  if (typeof named !== "string" || named === "") throw new InvalidField("model", "must be the name of a model");
  if (input === undefined || input === null || input === "") throw new InvalidField("input", "must be a text or a list of texts");
  const [first = "", ...rest] = named.split("/");
  const isNamed = rest.length > 0 && ["openai", "openai-compatible"].includes(first);
  const usual = settings.embeddings === "auto" ? providers.values().next().value : providers.get(settings.embeddings);
  const provider = isNamed ? providers.get(first) : usual;
  if (provider === undefined) {
    throw new NocpError("NO_PROVIDER", `there is no provider of embeddings for ${named}`, {
      advice: "Set OPENAI_API_KEY or providers.openai-compatible.baseUrl for the gateway.",
    });
  }
  const model = isNamed ? rest.join("/") : named;
  return { provider, model, body: { ...fields, model } };
}

const answerSchema = z.looseObject({
  data: z.array(z.unknown()),
  usage: z.looseObject({ prompt_tokens: z.int().nonnegative() }),
});

/** @param attempts is filled with each call that the provider may bill. */
async function post(
  { provider, model, body }: EmbeddingCall,
  timeoutMs: number,
  attempts: ProviderAttempt[],
  { fetch: fetchFrom, now }: EmbeddingDependencies,
  signal: AbortSignal,
): Promise<z.infer<typeof answerSchema>> {
  let startedAt = now();
  const attemptOf = (outcome: "succeeded" | "failed"): ProviderAttempt => ({
    ...{ provider: provider.name, model, outcome, latencyMs: now() - startedAt, costUsd: null },
  });
  const onFailedCall = ({ errorCode, isUnbilled }: FailedPost) => {
    attempts.push({ ...attemptOf("failed"), ...(errorCode ? { errorCode } : {}), ...(isUnbilled ? { costUsd: 0 } : {}) });
    startedAt = now();
  };
  const read = (answer: unknown) => {
    const checked = answerSchema.safeParse(answer);
    if (checked.success) return checked.data;
    throw new NocpError("PROVIDER_INVALID_RESPONSE", "the answer contains no embeddings");
  };
  const headers: Record<string, string> = provider.apiKey === "" ? {} : { authorization: `Bearer ${provider.apiKey}` };
  const address = { url: `${withoutSlash(provider.baseUrl)}/embeddings`, model, timeoutMs };
  const answer = await postJson(address, body, read, { headers, fetch: fetchFrom, signal, onFailedCall });
  const inputTokens = answer.usage.prompt_tokens;
  const usage = { ...{ inputTokens, outputTokens: 0 }, ...noCache };
  attempts.push({ ...attemptOf("succeeded"), usage, costUsd: costOf(usage, provider.pricing, model, now()) });
  return answer;
}

const noCache = { cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0, source: "provider" } as const;

interface CallFacts {
  readonly tenant: string;
  readonly requestId: string;
  readonly tags: string[];
  readonly submittedAt: number;
}

/** A bill that cannot be written down does not take the answer back that was paid for. */
async function record(
  { tags, ...facts }: CallFacts,
  attempts: readonly ProviderAttempt[],
  { now, logger, record: put }: EmbeddingDependencies,
  error?: unknown,
): Promise<NocpResult> {
  const tokens = attempts.at(-1)?.usage?.inputTokens ?? 0;
  const base = failedResultOf({
    ...{ ...facts, lane: "interactive", journey: [], attempts, traceId: null, completedAt: now() },
    inputTokens: { raw: tokens, optimized: tokens },
    error: reportedErrorOf(error ?? new Error("none")),
  });
  const cost = { ...base.cost, priceTable };
  const result: NocpResult = { ...base, tags, cost, ...(error === undefined ? { status: "succeeded", error: null } : {}) };
  await put(result).catch((problem: unknown) =>
    logger.warn({ err: problem, requestId: facts.requestId }, "a call is not on the bill"),
  );
  return result;
}
