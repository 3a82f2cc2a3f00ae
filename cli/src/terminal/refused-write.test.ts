import { tmpdir } from "node:os";
import { join } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { describe, expect, test } from "vitest";
import { errorLine, failureOf } from "./exit-code.ts";
import { explainRefusedWrite } from "./refused-write.ts";

const folder = "/srv/nocp/.nocp";
const refused = (code: string, path: string) => Object.assign(new Error(`${code}: refused, mkdir '${path}'`), { code, path });

describe("a folder for NOCP's files that cannot be written", () => {
  test.each(["EROFS", "EACCES", "EPERM", "ENOSPC", "EDQUOT"])("is named, with what to do about %s", (code) => {
    const error = explainRefusedWrite(refused(code, `${folder}/nats`), folder);
    expect(error).toMatchObject({ code: "INVALID_CONFIGURATION", message: expect.stringContaining(`${folder}/nats cannot be`) });
    expect((error as NocpError).advice).not.toBe("");
  });

  test("reads as one line", () => {
    expect(errorLine(failureOf(explainRefusedWrite(refused("EROFS", folder), folder)))).toBe(
      "nocp: /srv/nocp/.nocp cannot be written: its file system is read only. Mount it for writing, copy the project to a folder that you may write, or make its .nocp a link to one (INVALID_CONFIGURATION)",
    );
  });

  test.each([
    ["whose code hides the reason", Object.assign(new Error("ENOENT"), { code: "ENOENT", path: `${folder}/demo` })],
    ["without a code and a path", new Error(`Unknown error: Read-only file system '${folder}/report.json'`)],
  ])("is asked about after an error %s", (_what, thrown) => {
    expect(explainRefusedWrite(thrown, folder, () => "EROFS")).toMatchObject({ code: "INVALID_CONFIGURATION" });
    expect(explainRefusedWrite(thrown, folder, () => undefined)).toBe(thrown);
  });

  test("is writable here, in a folder that is not there yet", () => {
    const missing = Object.assign(new Error("ENOENT"), { code: "ENOENT", path: join(tmpdir(), "nocp-none/a/b") });
    expect(explainRefusedWrite(missing, join(tmpdir(), "nocp-none"))).toBe(missing);
  });

  test.each([
    ["another folder", refused("EROFS", "/srv/nocp/.nocp-other/x")],
    ["a folder above it", refused("EACCES", "/srv/nocp")],
    ["another problem", refused("EISDIR", `${tmpdir()}/x`)],
    ["an error of NOCP's own", new NocpError("USAGE", "x")],
    ["no error", "x"],
  ])("is not taken from %s", (_what, thrown) => expect(explainRefusedWrite(thrown, folder)).toBe(thrown));
});
