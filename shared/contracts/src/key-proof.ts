// Shows a stage that a request's key was set by a gateway of the same deployment, and not by whoever submitted it.
import { createHmac, timingSafeEqual } from "node:crypto";

/** Name of the secret that gateways and the first stage share. */
export const keyProofSecret = "request-keys";

/** @param id of the key. */
export const keyProofOf = (secret: string, tenant: string, id: string): string =>
  createHmac("sha256", secret)
    .update(JSON.stringify([tenant, id]))
    .digest("base64url");

export function provesKey(secret: string, tenant: string, id: string, proof: string | undefined): boolean {
  const [expected, shown] = [Buffer.from(keyProofOf(secret, tenant, id)), Buffer.from(proof ?? "")];
  return expected.length === shown.length && timingSafeEqual(expected, shown);
}
