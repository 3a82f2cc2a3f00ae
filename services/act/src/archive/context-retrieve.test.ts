// context.retrieve over an archive of many and of large bundles; the way through NATS is in test/integration/archive.test.ts.

import type { ArchiveScope } from "@nocp/contracts/archive.ts";
import type { ArchiveReader } from "@nocp/runtime/stores/archive/archive-store.ts";
import { missingBundle } from "@nocp/runtime/stores/archive/archive-store.ts";
import { type ArchiveBundle, createBundle } from "@nocp/runtime/stores/archive/bundle.ts";
import { describe, expect, test } from "vitest";
import { actTestContext } from "../../../../test/fixtures/act-test-tool.ts";
import retrieve from "../tools/context-retrieve.ts";
import type { ArchiveSearch } from "./search-originals.ts";

const scope: ArchiveScope = { tenant: "acme", kind: "session", id: "s-1" };
const bundleOf = (id: string, ...texts: string[]): ArchiveBundle =>
  createBundle(
    scope,
    texts.map((text, at) => ({ kind: "document", id: `${id}-${at}`, title: `Notes ${id}`, text })),
  );

/** @param bundles the newest first. @param claimedBytes what the list says of each one's size. */
function archiveOf(bundles: readonly ArchiveBundle[], claimedBytes?: number): ArchiveReader & { readonly reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    list: async () =>
      bundles.map(({ reference, originals, bytes }, at) => ({
        ...{ reference, scope, originals: originals.length, storedAt: -at },
        bytes: claimedBytes ?? bytes.byteLength,
      })),
    get: async (reference) => {
      reads.push(reference);
      const found = bundles.find((bundle) => bundle.reference === reference);
      if (!found) throw missingBundle(reference);
      return found;
    },
  };
}

const run = (archive: ArchiveReader, input: Record<string, unknown>, signal = new AbortController().signal) =>
  retrieve.run(
    retrieve.arguments.parse(input) as never,
    { ...actTestContext({}, { archive, signal }), settings: {} } as never,
  ) as Promise<ArchiveSearch>;

describe("a query", () => {
  test("finds what one of many bundles says, and counts equal originals once", async () => {
    const shared = "The ferry leaves at noon from the northern pier.";
    const bundles = Array.from({ length: 20 }, (_, at) => bundleOf(`b${at}`, `Entry ${at} is about gardens.`));
    const archive = archiveOf([bundleOf("twice", shared), bundleOf("twice", shared, "And more."), ...bundles]);
    const found = await run(archive, { query: "When does the ferry leave?" });
    expect(found).toMatchObject({ matches: 1, searchedBundles: 22 });
    expect(found.passages.map(({ text }) => text)).toEqual([shared]);
    expect(archive.reads).toHaveLength(22);
  });

  test("reads the newest bundles within its limit, and says how many it left out", async () => {
    const archive = archiveOf(
      Array.from({ length: 5 }, (_, at) => bundleOf(`b${at}`, `Entry ${at} is about the ferry.`)),
      30 * 1024 * 1024,
    );
    expect(await run(archive, { query: "ferry" })).toMatchObject({ matches: 2, searchedBundles: 2, unsearchedBundles: 3 });
  });

  test("with a reference looks in that alone", async () => {
    const [one, other] = [bundleOf("one", "The ferry is red."), bundleOf("other", "The ferry is blue.")];
    const found = await run(archiveOf([one, other]), { query: "ferry", ref: other.reference });
    expect(found.passages).toEqual([
      { ref: `${other.reference}.1`, itemId: "other-0", kind: "document", title: "Notes other", text: "The ferry is blue." },
    ]);
  });

  describe("of megabytes", () => {
    const sentence = "The gardener planted tulips beside the northern wall. ";
    const archive = archiveOf(Array.from({ length: 4 }, (_, at) => bundleOf(`b${at}`, `${at} ${sentence.repeat(20_000)}`)));

    test("lets other requests go on meanwhile", async () => {
      let turns = 0;
      const timer = setInterval(() => (turns += 1), 1);
      await run(archive, { query: "tulips" });
      clearInterval(timer);
      expect(turns).toBeGreaterThan(1);
    });

    test("ends when its time is up", async () => {
      const time = new AbortController();
      const searching = run(archive, { query: "tulips" }, time.signal);
      setTimeout(() => time.abort(new Error("time is up")), 20);
      await expect(searching).rejects.toThrow("time is up");
    });
  });

  test("passes over a bundle that expired since it was listed", async () => {
    const bundles = [bundleOf("kept", "The ferry is red."), bundleOf("gone", "The ferry was blue.")];
    const archive = archiveOf(bundles);
    const expiring = {
      ...archive,
      get: async (reference: string) => {
        if (reference === bundles[1]?.reference) throw missingBundle(reference);
        return archive.get(reference);
      },
    };
    expect((await run(expiring, { query: "ferry" })).passages).toHaveLength(1);
  });
});

test("a message comes with the time at which it was said", async () => {
  const said = { kind: "message", role: "user", text: "Off we go." } as const;
  const bundle = createBundle(scope, [
    { ...said, id: "m-1", at: "2026-05-04T03:02:01Z" },
    { ...said, id: "m-2" },
  ]);
  const [first, second] = ((await run(archiveOf([bundle]), { ref: bundle.reference })) as unknown as { items: unknown[] }).items;
  expect(first).toMatchObject({ itemId: "m-1", title: "user", at: "2026-05-04T03:02:01Z", text: "Off we go." });
  expect(second).not.toHaveProperty("at");
});

test("arguments without a reference and a query are refused", () => {
  expect(retrieve.arguments.safeParse({ maxBytes: 10 }).error?.issues).toMatchObject([
    { message: "give a ref, a query or both" },
  ]);
});
