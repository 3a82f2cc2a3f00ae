// A user of NATS who has an NKey instead of a password.
import { nkeys } from "@nats-io/nats-core";

export interface UserKey {
  /** As the server's configuration names the user. */
  readonly publicKey: string;
  readonly seed: string;
}

export function createUserKey(): UserKey {
  const key = nkeys.createUser();
  return { publicKey: key.getPublicKey(), seed: new TextDecoder().decode(key.getSeed()) };
}
