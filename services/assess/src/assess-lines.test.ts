// The compressor on the command line: lines in, lines out, and what becomes of bad ones.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { originalsOf, textOfOriginal } from "@nocp/runtime/stores/archive/bundle.ts";
import { createFolderArchive } from "@nocp/runtime/stores/archive/folder-archive.ts";
import { restoreText } from "@nocp/text/lossless/lossless.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { runAssessCommand } from "./assess-command.ts";
import type { AssessOptions } from "./assess-lines.ts";

const facts = Array.from({ length: 60 }, (_, at) => `Mountain number ${at} is ${1000 + at} metres high.`).join(" ");
const line = (fields: Record<string, unknown> = {}): string =>
  JSON.stringify({
    id: "one",
    query: "How high is mountain number 37?",
    items: [{ kind: "document", id: "d", title: "Mountains", text: facts }],
    ...fields,
  });

async function assess(input: string, options: AssessOptions = {}) {
  const output = new PassThrough();
  const [exitCode, written] = await Promise.all([
    runAssessCommand(Readable.from([input]), output, options).finally(() => output.end()),
    text(output),
  ]);
  const answers = written
    .trim()
    .split("\n")
    .map((answer) => JSON.parse(answer) as Record<string, unknown>);
  return { exitCode, answers };
}

describe("assess on the command line", () => {
  test("keeps what answers the questions of examples/assess.jsonl in less than a third", async () => {
    const example = readFileSync(join(import.meta.dirname, "../../../examples/assess.jsonl"), "utf8");
    const { answers } = await assess(example, { targetRatio: 0.3 });
    expect(answers).toMatchObject([
      { id: "towers", text: expect.stringContaining("The architects James Maxwell and Charles Tuke designed it") },
      { id: "orders", text: expect.stringContaining("W7744 | shipped | Exeter") },
    ]);
    for (const { rawTokens, optimizedTokens } of answers) expect(Number(optimizedTokens) / Number(rawTokens)).toBeLessThan(0.3);
  });

  test("answers each line with its text, its tokens, its reasons and what was left out", async () => {
    const { exitCode, answers } = await assess(`${line()}\n\n${line({ id: 2, targetRatio: 0.1 })}\n`, { targetRatio: 0.4 });
    expect(exitCode).toBe(0);
    expect(answers.map(({ id }) => id)).toEqual(["one", 2]);
    const [first, second] = answers;
    expect(first).toMatchObject({
      text: expect.stringContaining("Mountain number 37 is 1037 metres high."),
      strategies: [
        { strategy: "sentence-selection", itemIds: ["d"], justification: expect.stringMatching(/kept \d+ of 60 units/) },
      ],
    });
    const sha256 = createHash("sha256").update(facts).digest("hex");
    const reference = /\[shortened: context\.retrieve ([a-z]{10})\]$/.exec(String(first?.text))?.[1];
    expect(first?.archived).toEqual([{ ref: `${reference}.1`, sha256, bytes: Buffer.byteLength(facts) }]);
    expect(Number(first?.optimizedTokens)).toBeLessThanOrEqual(0.4 * Number(first?.rawTokens));
    expect(Number(second?.optimizedTokens)).toBeLessThanOrEqual(0.1 * Number(second?.rawTokens));
    expect(first?.elapsedMs).toBeGreaterThan(0);
  });

  test("lists what was left out where that is asked for", async () => {
    const { answers } = await assess(line(), { targetRatio: 0.4, explain: true });
    const [{ archived, removed, text: left } = {}] = answers;
    const [{ ref }] = archived as [{ ref: string }];
    const [removal] = removed as [{ parts: { mark: string }[] }];
    expect(removal).toMatchObject({ itemId: "d", strategy: "sentence-selection", ref });
    expect(removal.parts.length).toBeGreaterThan(0);
    for (const { mark } of removal.parts) expect(left).toContain(mark);
    expect((await assess(line(), { targetRatio: 0.4 })).answers[0]).not.toHaveProperty("removed");
  });

  test("a bad line is answered with an error that names what is wrong, and the run goes on", async () => {
    const bad = [
      "not json",
      JSON.stringify({ id: "no-items" }),
      line({ id: "strange-kind", items: [{ kind: "video", id: "v" }] }),
      line({ id: "ratio", targetRatio: 3 }),
      line({ id: "field", colour: "red" }),
      "[]",
    ];
    const { exitCode, answers } = await assess([...bad, line({ id: "good" })].join("\n"));
    expect(exitCode).toBe(1);
    expect(answers).toEqual([
      { error: expect.stringMatching(/^not JSON: /) },
      { id: "no-items", error: expect.stringContaining("items") },
      { id: "strange-kind", error: expect.stringContaining("items.0.kind") },
      { id: "ratio", error: expect.stringContaining("targetRatio") },
      { id: "field", error: expect.stringContaining('unknown field "colour"') },
      { error: expect.any(String) },
      expect.objectContaining({ id: "good", text: expect.any(String) }),
    ]);
  });

  test("binary data go to the archive where that is asked for, and every request of the tenant gets them back", async () => {
    const image = Buffer.from(Array.from({ length: 600 }, (_, at) => (at * at * 7) % 251)).toString("base64");
    const input = line({ items: [{ kind: "tool", id: "t", name: "read", data: { image } }] });
    const archiveDir = await mkdtemp(join(tmpdir(), "nocp-payloads-"));
    onTestFinished(() => rm(archiveDir, { recursive: true }));
    const { answers } = await assess(input, { mode: "lossless", payloads: "reference", archiveDir });
    const [{ text: written, strategies, archived } = {}] = answers;
    const [, reference = ""] = /\[payload ([a-z]{10}), 800 characters\]/.exec(String(written)) ?? [];
    expect(strategies).toMatchObject([{ strategy: "payload-references", itemIds: ["t"] }]);
    expect(archived).toMatchObject([{ ref: `${reference}.1`, bytes: 800 }]);
    const archive = createFolderArchive(archiveDir);
    const caller = { kind: "request", id: "another" } as const;
    const [original] = originalsOf(await archive.get(reference, { ...caller, tenant: "default" }));
    const payloads = new Map([[reference, textOfOriginal(original!)]]);
    expect(restoreText(String(written).slice("read:\n".length), payloads)).toBe(JSON.stringify({ image }));
    await expect(archive.get(reference, { ...caller, tenant: "other" })).rejects.toMatchObject({ code: "ARCHIVE_REFUSED" });
    expect((await assess(input, { mode: "lossless" })).answers[0]?.text).toContain(image);
  });

  test("numbers of more digits than a double holds keep them, in the text and in the archive", async () => {
    const digits = "1234567890123456789";
    const rows = Array.from(
      { length: 40 },
      (_, at) => `{"tweet":${at + 1},"words":"number ${at} of them","id":12345678901234567${at + 10}}`,
    );
    const items = (data: string): string =>
      line({ query: "Which id has tweet 5?", items: [] }).replace(
        "[]",
        `[{"kind":"tool","id":"a","name":"tweets.get","data":${data}}]`,
      );
    const { answers } = await assess([items(`{"id":${digits}}`), items(JSON.stringify({ body: `{"id":${digits}}` }))].join("\n"));
    expect(answers).toHaveLength(2);
    for (const { text } of answers) expect(text).toContain(digits);
    const table = `[${rows.join(",")}]`;
    const [shortened] = (await assess(items(table), { targetRatio: 0.3 })).answers;
    expect(shortened?.text).toContain("1234567890123456714");
    const original = table.replace(/\d{16,}/g, '"$&"');
    const sha256 = createHash("sha256").update(original).digest("hex");
    expect(shortened?.archived).toMatchObject([{ sha256 }]);
  });

  test("the answer's id keeps its digits", async () => {
    const { answers } = await assess(line().replace('"one"', "1234567890123456789"));
    expect(answers[0]).toMatchObject({ id: "1234567890123456789", text: expect.any(String) });
  });

  test("a line nested deeper than the stack is compressed like any other, and the run goes on", async () => {
    const deep = (levels: number): string => `${'{"a":[0,'.repeat(levels)}"the bottom"${"]}".repeat(levels)}`;
    const lines = [1_000, 20_000].map((levels) =>
      line({ id: levels, query: "What is at the bottom?", items: [] }).replace(
        "[]",
        `[{"kind":"tool","id":"a","name":"t","data":${deep(levels)}}]`,
      ),
    );
    const { exitCode, answers } = await assess([...lines, line({ id: "good" })].join("\n"), { targetRatio: 0.3 });
    expect(exitCode).toBe(0);
    for (const answer of answers) {
      expect(answer).not.toHaveProperty("warnings");
      expect(Number(answer.optimizedTokens)).toBeLessThanOrEqual(0.3 * Number(answer.rawTokens));
    }
    expect(answers.map(({ id }) => id)).toEqual([1_000, 20_000, "good"]);
  });

  test("a message that is a list without an end keeps to its budget", async () => {
    const items = [
      { kind: "message", id: "1", role: "user", text: "[".repeat(10_000) },
      { kind: "message", id: "2", role: "user", text: `${"[".repeat(10_000)}"x"${"]".repeat(10_000)}` },
      { kind: "message", id: "3", role: "user", text: "How are you?" },
    ];
    const { answers } = await assess(line({ items, maxTokens: 1_000 }));
    expect(answers[0]).not.toHaveProperty("warnings");
    expect(answers[0]?.optimizedTokens).toBeLessThanOrEqual(1_000);
  });

  test("a byte order mark is skipped, and a query may be null", async () => {
    const { exitCode, answers } = await assess(`\uFEFF${line({ query: null })}\n`);
    expect(exitCode).toBe(0);
    expect(answers[0]).toMatchObject({ id: "one", text: expect.any(String) });
  });

  test("a strategy that does not exist is an error that lists those that do", async () => {
    const { exitCode, answers } = await assess(line(), { strategies: ["zip"] });
    expect(exitCode).toBe(1);
    expect(answers[0]?.error).toContain("sentence-selection");
  });

  test("answers come as the lines do", async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const run = runAssessCommand(input, output, {});
    input.write(`${line({ id: "early" })}\n`);
    const [chunk] = await new Promise<[Buffer]>((resolve) => output.once("data", (data: Buffer) => resolve([data])));
    expect(JSON.parse(chunk.toString())).toMatchObject({ id: "early" });
    input.end();
    expect(await run).toBe(0);
  });
});
