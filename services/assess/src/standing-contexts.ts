// The contexts of earlier questions stand in the prompt where they were sent, as long as the request brings what they are made
// of: the vendor has them cached, and a later question adds only what they lack.
import { hash } from "node:crypto";
import type { PromptMessage } from "@nocp/contracts/prompt.ts";
import type { NocpRequest } from "@nocp/contracts/request.ts";
import type { CompressedPiece, WrittenUnits } from "./compression-strategy.ts";

/** What a context holds of one document or result of a tool. */
export interface SourceShare {
  /** Of the source as it came. */
  readonly digest: string;
  readonly isWhole: boolean;
  readonly written?: WrittenUnits | undefined;
}

/** A context as it was sent with a question. */
export interface SentContext {
  readonly text: string;
  readonly tokens: number;
  /** In the tags around it. */
  readonly mark: string | undefined;
  readonly shares: readonly SourceShare[];
}

/** What stands before a question. */
export interface Standing {
  /** By the position of the question that it was sent with, counted from the end of the conversation. */
  readonly contexts: ReadonlyMap<number, SentContext>;
  /** By the digest of a source. */
  readonly shares: ReadonlyMap<string, SourceShare>;
}

export const nothingStands: Standing = { contexts: new Map(), shares: new Map() };

export interface StandingContexts {
  /**
   * @param digests of the request's sources. @param keys one for each message of the conversation, see `turnKeys`.
   * @param since milliseconds since the epoch: what was not sent since then, the vendor has forgotten.
   */
  before(keys: readonly string[], digests: ReadonlySet<string>, since: number): Standing;
  /** Says what was sent with the question of this key; an empty text is forgotten. @param at milliseconds since the epoch. */
  keep(key: string, context: SentContext, at: number): void;
  /** Says that these contexts were sent once more. */
  touch(keys: readonly string[], { contexts }: Standing, at: number): void;
  /** Says that the contexts of these questions stand no longer. */
  forget(keys: readonly string[]): void;
}

/** In UTF-16 units and numbers of units; those that were used longest ago go first. */
const mostRemembered = 32 * 1024 * 1024;

/** Remembered in the process: a replica that has not seen the earlier questions sends a context of its own. */
export function createStandingContexts(most: number = mostRemembered): StandingContexts {
  const known = new Map<string, { readonly sent: SentContext; readonly at: number }>();
  let size = 0;
  const forget = (key: string) => {
    const entry = known.get(key);
    if (entry === undefined) return;
    known.delete(key);
    size -= sizeOf(entry.sent);
  };
  const keep = (key: string, sent: SentContext, at: number) => {
    forget(key);
    if (sent.text === "") return;
    known.set(key, { sent, at });
    size += sizeOf(sent);
    for (const oldest of known.keys()) {
      if (size <= most) break;
      forget(oldest);
    }
  };
  return {
    keep,
    before(keys, digests, since) {
      const contexts = new Map<number, SentContext>();
      const shares = new Map<string, SourceShare>();
      for (const [at, key] of keys.entries()) {
        const entry = known.get(key);
        if (entry === undefined || entry.at < since) continue;
        if (!entry.sent.shares.every(({ digest }) => digests.has(digest))) continue;
        contexts.set(keys.length - at, entry.sent);
        for (const share of entry.sent.shares) shares.set(share.digest, joined(shares.get(share.digest), share));
      }
      return { contexts, shares };
    },
    forget: (keys) => {
      for (const key of keys) forget(key);
    },
    touch(keys, { contexts }, at) {
      for (const [fromEnd, sent] of contexts) {
        const key = keys[keys.length - fromEnd];
        if (key !== undefined) keep(key, sent, at);
      }
    },
  };
}

const sizeOf = ({ text, shares }: SentContext): number =>
  text.length + shares.reduce((sum, { digest, written }) => sum + digest.length + (written?.units.length ?? 0), 0);

/** What one strategy wrote of one text adds up; of another, only the later counts. */
function joined(earlier: SourceShare | undefined, later: SourceShare): SourceShare {
  if (earlier === undefined || later.isWhole) return later;
  if (earlier.isWhole || later.written === undefined) return earlier;
  const { strategy, digest } = later.written;
  const { written } = earlier;
  if (written?.strategy !== strategy || written.digest !== digest) return later;
  const units = [...written.units, ...later.written.units];
  return { ...later, written: { strategy, digest, units, tokens: written.tokens + later.written.tokens } };
}

/** What a prompt will hold of a source. @param piece what compression left of it; undefined: all. */
export const shareOf = (digest: string, piece: CompressedPiece | undefined): SourceShare => ({
  digest,
  isWhole: piece === undefined || piece.isWhole === true || !piece.removed,
  written: piece?.written,
});

/** A key for each message: the same for the same tenant, session and instructions, and the same messages up to there. */
export function turnKeys({ tenant, session, messages }: NocpRequest, said: readonly PromptMessage[]): string[] {
  const instructions = messages.filter(({ role }) => role === "system").map(({ text }) => text);
  let key = sha256([tenant, session?.id ?? "", ...instructions]);
  return said.map(({ role, text }) => {
    key = sha256([key, role, text]);
    return key;
  });
}

const sha256 = (parts: readonly string[]): string => hash("sha256", JSON.stringify(parts), "base64url");
