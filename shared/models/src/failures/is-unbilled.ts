// Whether a vendor certainly did not bill a call that failed.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { providerFailureOf } from "./provider-failure.ts";

/** Gateways that stopped waiting (504; 524 is Cloudflare's): whoever is behind them may have answered, and billed. */
const gatewayTimeouts = new Set([504, 524]);

/** Node's and undici's codes of connections that were never made: no request was sent. */
const neverConnected =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+)$/;

/** Of a status other than 200. */
export const isUnbilledStatus = (status: number): boolean => !gatewayTimeouts.has(status);

/** Whether the call was never sent, or answered with an error instead of work. */
export function isUnbilled(thrown: unknown): boolean {
  if (thrown instanceof NocpError) return thrown.code === "PROVIDER_UNSUPPORTED";
  const { status, networkCode } = providerFailureOf(thrown);
  if (status !== undefined) return isUnbilledStatus(status);
  if (networkCode !== undefined) return neverConnected.test(networkCode);
  return thrown instanceof Error && isErrorBody(thrown);
}

/** An error object as the whole answer, with the status 200. */
export const isErrorBody = (answer: unknown): boolean =>
  typeof answer === "object" && answer !== null && "error" in answer && typeof answer.error === "object" && answer.error !== null;
