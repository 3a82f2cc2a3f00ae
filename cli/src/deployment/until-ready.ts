// Waits until a service says that it is ready.
import { get } from "node:http";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

const pollMs = 40;
const answerTimeoutMs = 2000;
const defaultTimeoutMs = 60_000;

export interface ReadinessOptions {
  readonly name: string;
  readonly httpUrl: string;
  /** The reason to give up, once there is one. */
  readonly failure: () => Error | undefined;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
}

/** With node:http: loading fetch would cost a tenth of a second of the start that is being waited for. */
export function isReady(httpUrl: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(`${httpUrl}/readyz`, { timeout: answerTimeoutMs }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}

/** @throws NocpError UNEXPECTED after the time; the failure, when there is one; the signal's reason. */
export async function untilReady({
  name,
  httpUrl,
  failure,
  signal,
  timeoutMs = defaultTimeoutMs,
}: ReadinessOptions): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs;
  while (!(await isReady(httpUrl))) {
    signal.throwIfAborted();
    const error = failure();
    if (error) throw error;
    if (performance.now() > giveUpAt) {
      throw new NocpError("UNEXPECTED", `${name} is not ready after ${timeoutMs / 1000} s`, { advice: "Look at its log lines" });
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
