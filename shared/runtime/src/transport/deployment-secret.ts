// A secret that all replicas of a deployment share and that outlives them: made by whoever asks first.
import { randomBytes } from "node:crypto";
import type { NatsConnection } from "@nats-io/nats-core";
import { withPatience } from "./patience.ts";
import { openBucket } from "./record-store.ts";
import { isConflict, liveEntry } from "./session-buckets.ts";

const secretsBucket = "secrets";
const secretBytes = 32;

/**
 * @param name what it is for; the same name gives the same secret. @param patienceMs how long an outage is waited out.
 * @throws NocpError PUBLISH_FAILED after that.
 */
export async function deploymentSecret(
  connection: NatsConnection,
  name: string,
  { replicas, patienceMs }: { readonly replicas: number; readonly patienceMs: number },
): Promise<string> {
  const kv = await openBucket(connection, secretsBucket, 0, replicas);
  return withPatience(
    "share a secret",
    async () => {
      const kept = await liveEntry(kv, name);
      if (kept) return kept.string();
      const made = randomBytes(secretBytes).toString("hex");
      try {
        await kv.create(name, made);
        return made;
      } catch (error) {
        // Somebody else was first. A copy of the stream may not have it yet, and is asked again.
        if (isConflict(error)) throw new Error("another replica made it, and it cannot be read yet", { cause: error });
        throw error;
      }
    },
    { patienceMs },
  );
}
