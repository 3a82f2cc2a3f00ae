// Issues, replaces and deletes the keys of the HTTP API, for `./nocp keys` and for operators over HTTP.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { createKeyId, createKeySecret, digestOfKey, type GatewayKey, isExpired } from "@nocp/contracts/gateway-key.ts";
import type { Allowance, KeyBudgets } from "@nocp/runtime/budgets/stored-budgets.ts";
import type { KeyStore } from "@nocp/runtime/stores/keys/key-store.ts";

/** What a new key may do. */
export interface KeyRights
  extends Pick<GatewayKey, "name" | "tenant" | "models" | "lanes" | "paths" | "compression" | "payloads" | "admin"> {
  /** How long it works, in milliseconds; `null` for ever. */
  readonly lifetimeMs: number | null;
  readonly allowances: readonly Allowance[];
}

/** A key as it may be shown. */
export type ShownKey = Omit<GatewayKey, "digest" | "v">;

export interface IssuedKey {
  readonly key: ShownKey;
  /** What a caller sends. It is kept nowhere. */
  readonly secret: string;
}

export interface KeyIssuer {
  create(rights: KeyRights): Promise<IssuedKey>;
  /** Newest first, with what each may spend. */
  list(): Promise<readonly (ShownKey & { readonly budgets: readonly string[] })[]>;
  /**
   * Replaces a key by a new one with the same rights. @param graceMs how long the old one still works.
   * @returns undefined when there is no such key. @throws NocpError INVALID_REQUEST when it has expired.
   */
  rotate(id: string, graceMs: number): Promise<IssuedKey | undefined>;
  /** @returns whether there was such a key. */
  remove(id: string): Promise<boolean>;
}

export interface KeyIssuerDependencies {
  readonly keys: Pick<KeyStore, "list" | "put" | "delete">;
  readonly budgets: KeyBudgets;
  readonly now: () => number;
}

const shown = ({ digest: _digest, v: _v, ...key }: GatewayKey): ShownKey => key;

export function createKeyIssuer({ keys, budgets, now }: KeyIssuerDependencies): KeyIssuer {
  /** Newest first: a rotated key and its successor have one id. */
  const keysOf = async (id: string) => (await keys.list()).filter((key) => key.id === id);
  return {
    async create({ lifetimeMs, allowances, paths, payloads, admin, ...rights }) {
      const secret = createKeySecret();
      const createdAt = now();
      const key: GatewayKey = {
        ...{ v: 1, id: createKeyId(), digest: digestOfKey(secret), ...rights },
        ...(paths && paths.length > 0 ? { paths } : {}),
        ...(payloads ? { payloads } : {}),
        ...(admin ? { admin } : {}),
        createdAt,
        expiresAt: lifetimeMs === null ? null : createdAt + lifetimeMs,
      };
      // Before the key: it must not work without its limits.
      await budgets.add(key.id, allowances);
      await keys.put(key);
      return { key: shown(key), secret };
    },
    async list() {
      const spendable = await budgets.all();
      return (await keys.list()).map((key) => ({ ...shown(key), budgets: spendable.get(key.id) ?? [] }));
    },
    async rotate(id, graceMs) {
      const found = await keysOf(id);
      if (found.length === 0) return undefined;
      const at = now();
      const old = found.filter((key) => !isExpired(key, at));
      const [newest] = old;
      if (!newest) throw new NocpError("INVALID_REQUEST", `key ${id} has expired`, { advice: "Create a new key." });
      const secret = createKeySecret();
      const successor = { ...newest, digest: digestOfKey(secret), createdAt: at };
      await keys.put(successor);
      for (const key of old) {
        if (graceMs === 0) await keys.delete(key.digest);
        else await keys.put({ ...key, expiresAt: Math.min(key.expiresAt ?? Number.POSITIVE_INFINITY, at + graceMs) });
      }
      return { key: shown(successor), secret };
    },
    async remove(id) {
      const found = await keysOf(id);
      for (const { digest } of found) await keys.delete(digest);
      if (found.length > 0) await budgets.remove(id);
      return found.length > 0;
    },
  };
}
