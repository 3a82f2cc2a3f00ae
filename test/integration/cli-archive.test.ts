// ./nocp assess --archive-dir and ./nocp archive --dir: what one removes, the other gives back.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { runProgram } from "@nocp/cli/program.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writtenEnvironment } from "../fixtures/cli-environment.ts";

const folder = mkdtempSync(join(tmpdir(), "nocp-cli-archive-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function nocp(args: readonly string[], input = ""): Promise<string> {
  const { environment, stdout } = writtenEnvironment({ stdin: Readable.from([input]) });
  await runProgram(args, { environment, version: "0.0.0" });
  return stdout();
}

const archive = (...args: string[]): Promise<string> => nocp(["archive", ...args, "--dir", folder]);
const facts = Array.from({ length: 80 }, (_, at) => `Mountain „${at}“ is ${1000 + at} metres high.`).join(" ");
const orders = Array.from({ length: 60 }, (_, at) => ({ id: `AB-${at}`, total: at / 3 }));
let archived: { ref: string; sha256: string; bytes: number }[];
let reference: string;

beforeAll(async () => {
  const items = [
    { kind: "document", id: "d", title: "Mountains", text: facts },
    { kind: "tool", id: "t", name: "orders.search", data: orders },
  ];
  const line = JSON.stringify({ id: "line/1", query: "How high is mountain 37?", items });
  const answer = await nocp(["assess", "--target-ratio", "0.2", "--archive-dir", folder], `${line}\n`);
  archived = JSON.parse(answer).archived;
  reference = archived[0]?.ref.split(".")[0] ?? "";
});

describe("./nocp archive get", () => {
  test("writes an original to stdout, byte for byte", async () => {
    expect(archived).toHaveLength(2);
    for (const [at, original] of [facts, JSON.stringify(orders)].entries()) {
      const text = await archive("get", archived[at]?.ref ?? "");
      expect(text).toBe(original);
      expect(createHash("sha256").update(text).digest("hex")).toBe(archived[at]?.sha256);
      expect(Buffer.byteLength(text)).toBe(archived[at]?.bytes);
    }
  });

  test("lists what a reference without a number holds", async () => {
    expect(await archive("get", reference)).toContain("orders.search");
    expect(JSON.parse(await archive("get", reference, "--json"))).toMatchObject({
      ref: reference,
      scope: { tenant: "default", kind: "request", id: "line/1" },
      items: [{ ref: `${reference}.1`, title: "Mountains", kind: "document" }, { ref: `${reference}.2` }],
    });
    expect(JSON.parse(await archive("get", `${reference}.1`, "--json"))).toMatchObject({ itemId: "d", text: facts });
  });

  test("gives it to its own scope only, where one is named", async () => {
    expect(await archive("get", `${reference}.1`, "--tenant", "default", "--request", "line/1")).toBe(facts);
    for (const elsewhere of [
      ["--tenant", "other"],
      ["--session", "line"],
      ["--request", "line/2"],
    ])
      await expect(archive("get", `${reference}.1`, ...elsewhere)).rejects.toMatchObject({ code: "ARCHIVE_REFUSED" });
  });

  test.each([
    [["aaaaaaaaaa"], "ARCHIVE_MISSING"],
    [["nonsense"], "INVALID_ARGUMENTS"],
    [["aaaaaaaaaa", "--session", "a", "--request", "b"], "USAGE"],
    [["aaaaaaaaaa", "--tenant", "a.b"], "USAGE"],
  ])("%j ends with %s", async (args, code) => {
    await expect(archive("get", ...args)).rejects.toMatchObject({ code });
  });
});

test("./nocp archive list shows the newest, of a tenant or all", async () => {
  expect(await archive("list")).toContain(reference);
  expect(JSON.parse(await archive("list", "--tenant", "default", "--json"))).toMatchObject([{ ref: reference, items: 2 }]);
  expect(await archive("list", "--tenant", "other")).toBe("nothing found in the archive\n");
});
