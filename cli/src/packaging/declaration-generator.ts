// Declarations for the bundler: TypeScript's own, but for the types of messages, whose schemas no user should read.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Generator } from "rolldown-plugin-dts";
import type { RunTool } from "../setup/run-tool.ts";
import { contractDeclarations } from "./contract-types.ts";

/** What the oldest Node that the package supports has: a newer method in the client's sources does not compile. */
const library = ["es2023", "es2024.string"];
/** What the client may import of shared. */
const packages = ["contracts", "text", "runtime"];

export interface DeclarationOptions {
  readonly root: string;
  /** Absolute path of the package's entry. */
  readonly entry: string;
  /** Where the compiler may write. */
  readonly folder: string;
  readonly run: RunTool;
}

export interface DeclarationGenerator extends Generator {
  /** Types of messages that no source file declared: after a build there is none. */
  missing(): string[];
}

/** The bundler asks for one file after the other; the compiler has written all of them before. */
export function createDeclarationGenerator({ root, entry, folder, run }: DeclarationOptions): DeclarationGenerator {
  const sources = join(root, "shared");
  const replaced = new Set<string>();
  let contracts = new Map<string, string>();
  return {
    async init() {
      mkdirSync(folder, { recursive: true });
      const project = join(folder, "tsconfig.json");
      writeFileSync(project, JSON.stringify(projectOf(root, entry, join(folder, "types"))));
      const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
      const { exitCode, stdout } = await run(process.execPath, [compiler, "-p", project], { folder: root });
      if (exitCode !== 0) throw new NocpError("UNEXPECTED", `the declarations of the package do not compile:\n${stdout}`);
      contracts = await contractDeclarations();
    },
    emit(_code, fileName) {
      const written = join(folder, "types", relative(sources, fileName)).replace(/\.ts$/, ".d.ts");
      // Nothing public is a schema. Were one left, its declaration would not compile.
      let code = readFileSync(written, "utf8").replace('import { z } from "zod";\n', "");
      for (const [name, declaration] of contracts) {
        const inferred = new RegExp(`(?:/\\*\\*(?:(?!\\*/)[^])*\\*/\\n)?export type ${name} = [^;]*;\\n`);
        if (!inferred.test(code)) continue;
        code = code.replace(inferred, () => declaration);
        replaced.add(name);
      }
      return { code };
    },
    missing: () => [...contracts.keys()].filter((name) => !replaced.has(name)),
  };
}

const projectOf = (root: string, entry: string, outDir: string) => ({
  extends: join(root, "tsconfig.json"),
  compilerOptions: {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    lib: library,
    // Found by way of node_modules they would count as somebody else's, and be given no declarations.
    paths: Object.fromEntries(packages.map((name) => [`@nocp/${name}/*`, [join(root, "shared", name, "src", "*")]])),
    rootDir: join(root, "shared"),
    outDir,
  },
  files: [entry],
  include: [],
});
