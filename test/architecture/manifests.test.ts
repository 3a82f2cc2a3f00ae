// Every package that a workspace imports is in its own package.json: what is installed for another may be gone tomorrow.
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSourceFiles, readTestFiles, root, type SourceFile, sourceFile, sourceFolders } from "./source-file.ts";

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const readManifest = (folder: string) => JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
const workspaces = sourceFolders.map((folder) => folder.replace(/\/src$/, ""));

/** `@scope/name/file.ts` → `@scope/name`. */
const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

const declaredIn = ({ name, dependencies, devDependencies, optionalDependencies }: Manifest): string[] => [
  name,
  ...Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }),
];

/** @returns the packages that a file imports and none of the manifests declares, as sentences. */
function undeclaredImports(file: SourceFile, manifests: readonly Manifest[]): string[] {
  const declared = manifests.flatMap(declaredIn);
  return file.imports
    .map(({ specifier }) => specifier)
    .filter((specifier) => !/^[./]/.test(specifier) && !isBuiltin(specifier) && !declared.includes(packageOf(specifier)))
    .map((specifier) => `${file.path} imports ${specifier}, which ${manifests[0]?.name}'s package.json does not declare`);
}

describe("what a workspace imports is declared in its package.json", () => {
  const manifest = { name: "@nocp/x", dependencies: { zod: "4.0.0" }, devDependencies: { "@scope/tool": "1.0.0" } };

  test.each(['import { z } from "pino";', 'import type { T } from "@scope/other/file.ts";', 'await import("zodiac");'])(
    "%s is not",
    (text) => expect(undeclaredImports(sourceFile("x/src/a.ts", text), [manifest])).toHaveLength(1),
  );

  test.each([
    'import { z } from "zod/v4";',
    'import "@scope/tool";',
    'import { a } from "@nocp/x/a.ts";',
    'import { join } from "node:path"; import b from "./b.ts";',
  ])("%s is", (text) => expect(undeclaredImports(sourceFile("x/src/a.ts", text), [manifest])).toEqual([]));

  test.each(workspaces)("%s", (folder) => {
    const files = readSourceFiles([`${folder}/src`]);
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap((file) => undeclaredImports(file, [readManifest(folder)]))).toEqual([]);
  });

  test("tests may use the root's packages, and every workspace", () => {
    const manifests = [readManifest("."), ...workspaces.map(readManifest).map(({ name }) => ({ name }))];
    // Those of this folder hold imports as text.
    const files = readTestFiles().filter(({ path }) => !path.startsWith("test/architecture/"));
    const undeclared = files.flatMap((file) => {
      const own = workspaces.filter((folder) => file.path.startsWith(`${folder}/`)).map(readManifest);
      return undeclaredImports(file, [...manifests, ...own]);
    });
    expect(undeclared).toEqual([]);
  });
});
