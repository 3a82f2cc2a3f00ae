// A server that speaks Chat Completions and has a quota: a bucket that refills steadily, or windows that begin anew each second.
import { startHttpTestServer } from "./http-test-server.ts";

export interface ServerQuota {
  readonly kind: "bucket" | "window";
  /** Requests, or tokens when `counts` says so. */
  readonly perSecond: number;
  readonly counts: "requests" | "tokens";
  /** What its answers tell: rate-limit headers, a Retry-After of one second with a refusal, or nothing. */
  readonly tells: "headers" | "retry-after" | "nothing";
  readonly answerMs: number;
}

export interface QuotaServer {
  readonly baseUrl: string;
  readonly seen: { calls: number; refused: number };
  close(): Promise<void>;
}

/** Of every call, as its usage says. */
export const tokensOfCall = { input: 400, output: 100 };

const second = 1_000;

export async function startQuotaServer({ kind, perSecond, counts, tells, answerMs }: ServerQuota): Promise<QuotaServer> {
  const seen = { calls: 0, refused: 0 };
  let level = perSecond;
  let at = performance.now();
  const refill = () => {
    const now = performance.now();
    if (kind === "bucket") {
      level = Math.min(perSecond, level + ((now - at) * perSecond) / second);
      at = now;
    } else if (now - at >= second) {
      level = perSecond;
      at = now - ((now - at) % second);
    }
    return now;
  };
  const server = await startHttpTestServer(async ({ response, body }) => {
    seen.calls += 1;
    const now = refill();
    const cost = counts === "tokens" ? tokensOfCall.input + tokensOfCall.output : 1;
    const isRefused = level < cost;
    if (!isRefused) level -= cost;
    response.setHeader("content-type", "application/json");
    if (tells === "headers") {
      const resetMs = kind === "bucket" ? ((perSecond - level) / perSecond) * second : second - (now - at);
      response.setHeader(`x-ratelimit-limit-${counts}`, String(perSecond));
      response.setHeader(`x-ratelimit-remaining-${counts}`, String(Math.floor(level)));
      response.setHeader(`x-ratelimit-reset-${counts}`, `${Math.ceil(resetMs)}ms`);
    }
    if (isRefused) {
      seen.refused += 1;
      response.statusCode = 429;
      if (tells !== "nothing") response.setHeader("retry-after", "1");
      response.end(JSON.stringify({ error: { message: "Rate limit reached.", code: "rate_limit_exceeded" } }));
      return;
    }
    const { stream, model } = JSON.parse(body.toString("utf8")) as { stream?: boolean; model: string };
    await new Promise((resolve) => setTimeout(resolve, answerMs));
    const usage = { prompt_tokens: tokensOfCall.input, completion_tokens: tokensOfCall.output };
    const message = { role: "assistant", content: "Paris" };
    if (!stream) return void response.end(JSON.stringify({ model, choices: [{ message, finish_reason: "stop" }], usage }));
    response.setHeader("content-type", "text/event-stream");
    const events = [
      { model, choices: [{ index: 0, delta: message, finish_reason: "stop" }] },
      { choices: [], usage },
    ];
    response.end(`${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}data: [DONE]\n\n`);
  });
  return { baseUrl: `${server.url}/v1`, seen, close: server.close };
}
