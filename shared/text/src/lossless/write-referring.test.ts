// References stand for binary data alone, save tokens, and come back with what they stand for.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { findPayloads } from "./find-payloads.ts";
import { restoreText } from "./lossless.ts";
import { MissingPayloads } from "./payloads.ts";
import { writeReferring } from "./write-referring.ts";

const { countTokens } = createRequire(import.meta.url)("gpt-tokenizer/encoding/o200k_base") as {
  readonly countTokens: (text: string) => number;
};

const referTo = (payload: string): string => createHash("sha256").update(payload).digest("hex").slice(0, 10);
const write = (text: string) => writeReferring(text, countTokens, referTo);

/** Bytes that follow no rule, the same each time. */
function bytes(length: number, seed = 1): Buffer {
  const parts = Array.from({ length: Math.ceil(length / 64) }, (_, at) => createHash("sha512").update(`${seed} ${at}`).digest());
  return Buffer.concat(parts).subarray(0, length);
}
const wrapped = (text: string, width: number, separator = "\n"): string =>
  (text.match(new RegExp(`.{1,${width}}`, "g")) ?? []).join(separator);
const base64 = bytes(900).toString("base64");
const pem = `-----BEGIN CERTIFICATE-----\n${wrapped(base64, 64)}\n-----END CERTIFICATE-----\n`;

describe("binary data becomes a reference", () => {
  const unpadded = bytes(901).toString("base64");
  test.each([
    ["base64", `The logo is ${base64}.`, base64],
    ["base64 with padding", `logo=${unpadded}\nsize=12\n`, unpadded],
    ["base64 for URLs", `token: ${bytes(600).toString("base64url")} end`, bytes(600).toString("base64url")],
    ["a data URL", `<img src="data:image/png;base64,${base64}" alt="The logo">`, base64],
    [
      "a data URL of zeros",
      `![](data:image/bmp;base64,${Buffer.alloc(600).toString("base64")})`,
      Buffer.alloc(600).toString("base64"),
    ],
    ["PEM", pem, wrapped(base64, 64)],
    [
      "MIME",
      `Content-Transfer-Encoding: base64\r\n\r\n${wrapped(unpadded, 72, "\r\n")}\r\n--x--\r\n`,
      wrapped(unpadded, 72, "\r\n"),
    ],
    ["what base64 prints", `$ base64 logo.png\n${wrapped(unpadded, 76)}\n$`, wrapped(unpadded, 76)],
    [
      "what xxd -p prints",
      `$ xxd -p logo.png\n${wrapped(bytes(400).toString("hex"), 60)}`,
      wrapped(bytes(400).toString("hex"), 60),
    ],
    ["an indented block", `data: |\n  ${wrapped(unpadded, 76, "\n  ")}\nkind: Secret\n`, wrapped(unpadded, 76, "\n  ")],
    ["hex digits", `code: ${bytes(200).toString("hex")}`, bytes(200).toString("hex")],
    [
      "capital hex digits",
      `code: 0x${bytes(200).toString("hex").toUpperCase()};`,
      `0x${bytes(200).toString("hex").toUpperCase()}`,
    ],
    [
      "text in base64",
      `config: ${Buffer.from("key = value of the service\n".repeat(12)).toString("base64")}`,
      Buffer.from("key = value of the service\n".repeat(12)).toString("base64"),
    ],
  ])("%s", (_, text, payload) => {
    const written = write(text);
    expect([...(written?.payloads ?? [])]).toEqual([[referTo(payload), payload]]);
    expect(written?.text).toContain(`[payload ${referTo(payload)}, ${payload.length} characters]`);
    expect(countTokens(written?.text ?? "")).toBeLessThan(countTokens(text) / 2);
    expect(restoreText(written?.text ?? "", written?.payloads)).toBe(text);
  });

  test("in the strings of JSON, escapes and all, beside tables", () => {
    const rows = Array.from({ length: 30 }, (_, at) => ({ id: at, state: "open", file: at % 3 === 0 ? pem : `file ${at}` }));
    const source = JSON.stringify({ rows, image: base64 });
    const written = write(source);
    expect(written?.payloads.size).toBe(2);
    expect(written?.text).toMatch(/^#lossless payloads in JSON: .*\n#lossless json: /);
    expect(restoreText(written?.text ?? "", written?.payloads)).toBe(source);
  });

  test("however long they are", () => {
    const zeros = "A".repeat(20_000_000);
    expect(findPayloads(`data:image/bmp;base64,${zeros}`)).toEqual([{ start: 22, end: 20_000_022 }]);
    expect(findPayloads(`${"0f".repeat(10_000_000)}\n`)).toEqual([{ start: 0, end: 20_000_000 }]);
    expect(findPayloads(zeros)).toEqual([]);
  });

  test("the same data are digested once", () => {
    let digests = 0;
    const written = writeReferring(`${base64}\n`.repeat(50), countTokens, (payload) => {
      digests += 1;
      return referTo(payload);
    });
    expect([digests, written?.payloads.size]).toEqual([1, 1]);
  });

  test("the same data have one reference", () => {
    const written = write(`${base64}\nand ${base64} and ${bytes(500, 2).toString("base64")}`);
    expect(written?.payloads.size).toBe(2);
  });
});

describe("stays as it is", () => {
  const digests = (kind: string, encoding: "hex" | "base64") =>
    Array.from({ length: 40 }, (_, at) => createHash(kind).update(String(at)).digest(encoding)).join("\n");
  test.each([
    ["digests, one below the other", digests("sha256", "hex")],
    ["digests in base64", digests("sha384", "base64")],
    ["a digest of 128 digits", createHash("sha512").update("x").digest("hex")],
    [
      "UUIDs",
      Array.from({ length: 40 }, (_, at) =>
        bytes(16, at)
          .toString("hex")
          .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
      ).join("\n"),
    ],
    [
      "UUIDs in a row",
      Array.from({ length: 40 }, (_, at) =>
        bytes(16, at)
          .toString("hex")
          .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
      ).join(","),
    ],
    [
      "a hex dump with its text",
      Array.from(
        { length: 40 },
        (_, at) =>
          `${(at * 16).toString(16).padStart(8, "0")}: ${wrapped(bytes(16, at).toString("hex"), 4, " ")}  .ELF............`,
      ).join("\n"),
    ],
    ["a long name", "getUserAccountByIdAndNameOrThrowExceptionWhenMissing2InDatabaseServiceImplFactoryBean".repeat(5)],
    ["a long path", "usr/lib/Python3/dist-packages/Numpy/core/include/numpy1/random/src/Test/unit/MyModule/".repeat(5)],
    ["a rule", "-".repeat(400)],
    ["digits", "31415926535897932384626433832795".repeat(12)],
    ["letters", "abcdefghijklmnopqrstuvwxyz".repeat(20)],
    ["base64 that is short", bytes(150).toString("base64")],
    ["text that has a reference already", `[payload abcdefghij, 12 characters] ${base64}`],
    ["prose", "The limit was raised to 20 MB. ".repeat(30)],
  ])("%s", (_, text) => {
    expect(write(text)).toBeUndefined();
    expect(write(JSON.stringify({ text }))).toBeUndefined();
  });
});

describe("restoring", () => {
  test("names what is missing, each once", () => {
    const other = bytes(500, 2).toString("base64");
    const { text = "", payloads = new Map<string, string>() } = write(`${base64} ${other} ${base64}`) ?? {};
    expect(() => restoreText(text)).toThrow(MissingPayloads);
    const known = new Map([...payloads].filter(([, payload]) => payload === base64));
    try {
      restoreText(text, known);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ name: "MissingPayloads", references: [referTo(other)] });
    }
  });

  test("takes no payload of another length", () => {
    const { text = "" } = write(`a ${base64}`) ?? {};
    expect(() => restoreText(text, new Map([[referTo(base64), `${base64}x`]]))).toThrow(MissingPayloads);
  });

  test("leaves alone what only looks like a reference", () => {
    const text = "see [payload abcdefghij, 12 characters]";
    expect(restoreText(text)).toBe(text);
  });
});
