// Secrets that all replicas of a deployment share and that outlive them: made by whoever asks first.
import { randomBytes } from "node:crypto";
import type { KV } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/nats-core";
import { type ExpectedBuckets, keyValueStream } from "./expected-buckets.ts";
import { withPatience } from "./patience.ts";
import { bucketName, openBucket } from "./record-store.ts";
import { isConflict, liveEntry } from "./session-buckets.ts";

const secretsBucket = "secrets";
const secretBytes = 32;

/**
 * @param name what it is for; the same name gives the same secret. @param patienceMs how long an outage is waited out.
 * @throws NocpError PUBLISH_FAILED after that.
 */
export type DeploymentSecret = (name: string, patienceMs: number) => Promise<string>;

export function createDeploymentSecrets(
  connection: NatsConnection,
  { replicas, buckets }: { readonly replicas: number; readonly buckets: ExpectedBuckets },
): DeploymentSecret {
  const known = new Map<string, string>();
  /** When the bucket was lost, whoever knows a secret puts it back: what was signed with it stays valid. */
  const open = async (): Promise<KV> => {
    const kv = await openBucket(connection, secretsBucket, 0, replicas);
    for (const [name, secret] of known) await createUnlessThere(kv, name, secret);
    return kv;
  };
  return async (name, patienceMs) => {
    const kv = await open();
    buckets.expect(keyValueStream(bucketName(secretsBucket)), open);
    const secret = await withPatience("share a secret", () => shared(kv, name), { patienceMs });
    known.set(name, secret);
    return secret;
  };
}

async function shared(kv: KV, name: string): Promise<string> {
  const kept = await liveEntry(kv, name);
  if (kept) return kept.string();
  const made = randomBytes(secretBytes).toString("hex");
  if (await createUnlessThere(kv, name, made)) return made;
  // Somebody else was first. A copy of the stream may not have it yet, and is asked again.
  throw new Error("another replica made it, and it cannot be read yet");
}

/** @returns false when somebody else was first. */
async function createUnlessThere(kv: KV, name: string, secret: string): Promise<boolean> {
  try {
    await kv.create(name, secret);
    return true;
  } catch (error) {
    if (isConflict(error)) return false;
    throw error;
  }
}
