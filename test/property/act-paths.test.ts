import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { locateFile } from "@nocp/act/files/locate-file.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";

const base = realpathSync(mkdtempSync(join(tmpdir(), "nocp-act-paths-")));
const root = join(base, "root");
mkdirSync(join(root, "inner"), { recursive: true });
mkdirSync(join(base, "outside"));
for (const file of ["root/a", "root/inner/a", "outside/a", "a"]) writeFileSync(join(base, file), "");
symlinkSync(base, join(root, "up"));
symlinkSync(join(base, "outside"), join(root, "inner", "out"));
symlinkSync(root, join(base, "outside", "back"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const part = fc.constantFrom(
  "..",
  ".",
  "",
  "a",
  "inner",
  "up",
  "out",
  "outside",
  "root",
  "back",
  "%2e%2e",
  "..\\..",
  "\0",
  "~",
  base.slice(1),
);

test("no path whatever leads out of the root: it is located inside, or refused", async () => {
  let located = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 8 }), fc.boolean(), async (parts, absolute) => {
      const path = `${absolute ? "/" : ""}${parts.join("/")}`;
      try {
        const { realPath } = await locateFile(path, { fileRoots: [root], fileDeny: [] });
        expect(realPath === root || realPath.startsWith(root + sep)).toBe(true);
        located += 1;
      } catch (error) {
        if (!(error instanceof NocpError)) throw error;
        expect(["PATH_NOT_ALLOWED", "TOOL_REFUSED"]).toContain(error.code);
      }
    }),
    { numRuns: 1000 },
  );
  expect(located).toBeGreaterThan(0);
});
