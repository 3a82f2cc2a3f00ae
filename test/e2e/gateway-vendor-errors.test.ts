// What a client sees of each way in which a model's vendor can fail: through all three APIs, whole and streamed, with the vendors'
// own clients.
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { useGatewayDeployment } from "../fixtures/gateway-deployment.ts";
import type { VendorAnswer } from "../servers/chat-vendor.ts";

const key = "sk-proj-abcdef0123456789";
const secret = "the patient's name is Jane Doe and she lives in Springfield at number 7";

const gateway = useGatewayDeployment(({ baseUrl }) => ({
  NOCP_GATEWAY_PATH: "direct",
  NOCP_MESSAGING_MAX_ATTEMPTS: "2",
  NOCP_PROVIDERS_OPENAI_COMPATIBLE_API_KEY: key,
  NOCP_PROVIDERS_OPENAI_COMPATIBLE_INPUT_USD_PER_MILLION: "1",
  NOCP_PROVIDERS_OPENAI_COMPATIBLE_OUTPUT_USD_PER_MILLION: "1",
  // The provider of models that say nothing: the others must not be impatient.
  NOCP_PROVIDERS_OPENAI_API_KEY: key,
  NOCP_PROVIDERS_OPENAI_BASE_URL: baseUrl,
  NOCP_PROVIDERS_OPENAI_TTFT_MS: "50",
  // A stream that has begun cannot have an error's status: none begins before its first piece.
  NOCP_GATEWAY_KEEP_ALIVE_MS: "120000",
}));

interface Expected {
  readonly status: number;
  readonly code: string;
  readonly anthropicType: string;
  readonly retryAfter?: string | RegExp;
  /** Whether the vendor may have billed the calls: what nobody knows is no 0. */
  readonly mayBeBilled?: true;
}

interface Failure extends Expected {
  /** Of a vendor that says nothing: none. */
  readonly answer?: VendorAnswer;
  readonly provider?: "openai";
  readonly timeoutMs?: number;
}

const refused = (status: number, more: object = {}, headers: Readonly<Record<string, string>> = {}) => ({
  answer: { status, headers, error: { message: `Refused with ${key}: "${secret}"`, ...more } },
});
const clientError = (code: string) => ({ status: 400, code, anthropicType: "invalid_request_error" });
const serverError = (code: string) => ({ status: 502, code, anthropicType: "api_error" });
const timedOut = (code: string) => ({ status: 504, code, anthropicType: "timeout_error" });
const limited = { status: 429, code: "rate_limit_exceeded", anthropicType: "rate_limit_error" };
const unknownModel = { status: 404, code: "model_not_found", anthropicType: "not_found_error" };
const mayBeBilled = true;

const failures: Readonly<Record<string, Failure>> = {
  "400, context too long": { ...refused(400, { code: "context_length_exceeded" }), ...clientError("context_length_exceeded") },
  "400, parameter": { ...refused(400, { param: "temperature" }), ...clientError("provider_bad_request") },
  "400, content filter": { ...refused(400, { code: "content_filter" }), ...clientError("content_filter") },
  "401": { ...refused(401), ...serverError("provider_auth") },
  "403": { ...refused(403), ...serverError("provider_auth") },
  "404, model": { ...refused(404, { code: "model_not_found" }), ...unknownModel },
  "408": { ...refused(408), ...timedOut("provider_timeout") },
  "413": { ...refused(413), ...clientError("context_length_exceeded") },
  "422": { ...refused(422), ...clientError("provider_bad_request") },
  "429, retry after 7 minutes": { ...refused(429, {}, { "retry-after": "420" }), ...limited, retryAfter: "420" },
  "429, retry after a second, always": {
    ...refused(429, {}, { "retry-after": "1" }),
    ...{ ...limited, retryAfter: /^\d+$/, timeoutMs: 2_000 },
  },
  "429, with no time": { ...refused(429), ...limited, retryAfter: /^\d+$/, timeoutMs: 2_000 },
  "500": { ...refused(500), ...serverError("provider_unavailable") },
  "502": { ...refused(502), ...serverError("provider_unavailable") },
  "503": { ...refused(503), ...serverError("provider_unavailable") },
  "504": { ...refused(504), ...timedOut("provider_timeout"), mayBeBilled },
  "529": { ...refused(529, { type: "overloaded_error" }), ...serverError("provider_unavailable") },
  "silence until the request's deadline": { ...timedOut("deadline_exceeded"), timeoutMs: 2_000, mayBeBilled },
  "silence until the call's limit": { ...timedOut("provider_timeout"), provider: "openai", mayBeBilled },
  "broken before its first byte": { answer: { breaksOff: true }, ...serverError("provider_unreachable"), mayBeBilled },
  "invalid JSON": { answer: { raw: `{"choices": ${secret}` }, ...serverError("provider_invalid_response"), mayBeBilled },
  "empty body": { answer: { raw: "" }, ...serverError("provider_invalid_response"), mayBeBilled },
};

interface Asked {
  readonly model: string;
  readonly stream: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

const messages = [{ role: "user" as const, content: `My secret is: ${secret}` }];
const openai = () => new OpenAI({ apiKey: "any", baseURL: `${gateway.url}/v1`, maxRetries: 0 });
const anthropic = () => new Anthropic({ apiKey: "any", baseURL: gateway.url, maxRetries: 0 });

/** What fails is thrown. */
const callers = {
  chat: async ({ model, stream, headers }: Asked) =>
    readAll(await openai().chat.completions.create({ model, messages, stream }, { headers })),
  responses: async ({ model, stream, headers }: Asked) =>
    stream
      ? await openai().responses.stream({ model, input: messages }, { headers }).finalResponse()
      : await openai().responses.create({ model, input: messages }, { headers }),
  messages: async ({ model, stream, headers }: Asked) =>
    readAll(await anthropic().messages.create({ model, max_tokens: 50, stream, messages }, { headers })),
};
type Api = keyof typeof callers;
const apis = Object.keys(callers) as Api[];

async function readAll(answer: object): Promise<unknown> {
  if (!(Symbol.asyncIterator in answer)) return answer;
  const events: unknown[] = [];
  for await (const event of answer as AsyncIterable<unknown>) events.push(event);
  return events;
}

/** Each case has a model of its own: a rate limit or an outage of one keeps calls from no other. */
const rows = Object.entries(failures);
const modelOf = (row: number | "broken", api: Api, stream: boolean): string => `${row}-${api}-${stream ? "streamed" : "whole"}`;

beforeAll(() => {
  gateway.vendor.answer(({ model }) => {
    const [row] = String(model).split("-");
    if (row === "broken") return { text: ["The answer"], breaksOff: true, pauseMs: 50 };
    const [, failure] = rows[Number(row)] ?? expect.fail(`no case has the model ${model}`);
    return failure.answer ?? new Promise<never>(() => undefined);
  });
});

type ThrownError = InstanceType<typeof OpenAI.APIError> | InstanceType<typeof Anthropic.APIError>;

/** The model is the call's tag, too. */
async function thrownBy(api: Api, model: string, stream: boolean, { provider, timeoutMs }: Partial<Failure> = {}) {
  const headers = { "x-nocp-timeout-ms": String(timeoutMs ?? 60_000), "x-nocp-tags": model };
  const thrown = await callers[api]({ model: `${provider ?? "openai-compatible"}/${model}`, stream, headers }).then(
    (answer: unknown) => expect.fail(`answered with ${JSON.stringify(answer)}`),
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(api === "messages" ? Anthropic.APIError : OpenAI.APIError);
  return thrown as ThrownError;
}

function expectNothingLeaked({ message, error, headers }: ThrownError): void {
  const seen = `${message} ${JSON.stringify(error)} ${JSON.stringify(Object.fromEntries(headers ?? []))}`;
  for (const hidden of ["abcdef0123456789", "Jane Doe", new URL(gateway.vendor.baseUrl).host]) expect(seen).not.toContain(hidden);
}

/** What the vendor may bill is on the bill, call by call, and nothing else. */
async function expectExactBill(model: string, expected: "nothing" | "unknown" | "counted"): Promise<void> {
  const calls = () => gateway.vendor.calls.filter(({ body }) => body.model === model).length;
  const bill = await vi.waitUntil(
    async () => {
      const response = await fetch(`${gateway.url}/nocp/v1/transactions?tag=${model}`);
      const { data } = (await response.json()) as { data: readonly { readonly known_usd: number }[] };
      return data[0];
    },
    { timeout: 60_000, interval: 200 },
  );
  const costUsd = { nothing: 0, unknown: null, counted: bill.known_usd }[expected];
  expect(bill).toMatchObject({ status: "failed", attempt_count: calls(), cost_usd: costUsd });
  expect(calls()).toBeGreaterThan(0);
  expect(bill.known_usd > 0).toBe(expected === "counted");
}

const cases = apis.flatMap((api) => [false, true].map((stream) => [api, stream] as const));

describe.concurrent.each(cases)("through %s, streamed: %s,", (api, stream) => {
  test.each(rows.map(([name, failure], row) => [name, failure, modelOf(row, api, stream)] as const))(
    "%s",
    async (_name, failure, model) => {
      const error = await thrownBy(api, model, stream, failure);
      const { error: body } = error as { error: { error?: { type: string } } };
      expect({
        status: error.status,
        retryAfter: error.headers?.get("retry-after") ?? undefined,
        kind: api === "messages" ? body.error?.type : (error as { code?: unknown }).code,
      }).toEqual({
        status: failure.status,
        retryAfter: failure.retryAfter instanceof RegExp ? expect.stringMatching(failure.retryAfter) : failure.retryAfter,
        kind: api === "messages" ? failure.anthropicType : failure.code,
      });
      expectNothingLeaked(error);
      await expectExactBill(model, failure.mayBeBilled ? "unknown" : "nothing");
    },
  );
});

test.concurrent.each(apis)(
  "a stream through %s that broke off after its first byte, and goes on with nothing, ends with an error",
  async (api) => {
    const model = modelOf("broken", api, true);
    const error = await thrownBy(api, model, true);
    expect(error.message).toContain(model);
    expectNothingLeaked(error);
    await expectExactBill(model, "counted");
  },
);
