// Builds shared/client into what npm publishes: one JavaScript file and one file of declarations.
import { readFileSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type OutputChunk, rolldown } from "rolldown";
import { dts } from "rolldown-plugin-dts";
import type { RunTool } from "../setup/run-tool.ts";
import { createDeclarationGenerator } from "./declaration-generator.ts";

/** The oldest Node that the package runs on; `engines` in its package.json says the same. */
const target = "node20";

export interface ClientBuild {
  /** The folder of the package, absolute. */
  readonly folder: string;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  /** Third-party packages that the code or its declarations import. */
  readonly imports: readonly string[];
}

/**
 * Writes `shared/client/dist`. Our own packages are bundled in; third-party packages stay dependencies.
 * @throws NocpError UNEXPECTED when the code does not compile, or imports a package that package.json does not declare.
 */
export async function buildClient(root: string, dataFolder: string, run: RunTool): Promise<ClientBuild> {
  const folder = join(root, "shared", "client");
  const entry = join(folder, "src", "public.ts");
  const scratch = join(dataFolder, "build", "client");
  const dist = join(folder, "dist");
  rmSync(scratch, { recursive: true, force: true });
  rmSync(dist, { recursive: true, force: true });
  const generator = createDeclarationGenerator({ root, entry, folder: scratch, run });
  const bundle = await rolldown({
    input: { index: entry },
    cwd: root,
    platform: "node",
    external: (id) => isThirdParty(id),
    treeshake: { moduleSideEffects: false },
    transform: { target },
    checks: { pluginTimings: false },
    plugins: [dts({ tsconfig: false, generator })],
  });
  try {
    const { output } = await bundle.write({ dir: dist, format: "es", chunkFileNames: "[name].js" });
    const chunks = output.filter((file) => file.type === "chunk");
    const imports = importedPackages(chunks);
    const missing = generator.missing();
    if (missing.length > 0) throw new NocpError("UNEXPECTED", `the package declares no type ${missing.join(", ")} any more`);
    requireDeclared(root, imports);
    return { folder, files: chunks.map(({ fileName, code }) => ({ name: fileName, bytes: Buffer.byteLength(code) })), imports };
  } finally {
    await bundle.close();
  }
}

const isThirdParty = (id: string): boolean => /^[@a-z]/i.test(id) && !id.startsWith("@nocp/");

/** `@nats-io/kv` of `@nats-io/kv/lib/x.js`. */
const packageOf = (specifier: string): string => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

const importedPackages = (chunks: readonly OutputChunk[]): string[] => {
  const specifiers = chunks.flatMap(({ imports, dynamicImports, fileName }) =>
    [...imports, ...dynamicImports].filter((name) => !chunks.some((other) => other.fileName === name) && name !== fileName),
  );
  return [...new Set(specifiers.filter((name) => !isBuiltin(name)).map(packageOf))].sort();
};

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

const readManifest = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** The package's dependencies are what it imports, in the versions that the project itself is tested with. */
function requireDeclared(root: string, imports: readonly string[]): void {
  const declared = readManifest(join(root, "shared", "client")).dependencies ?? {};
  const workspaces = ["contracts", "text", "runtime"].map((name) => readManifest(join(root, "shared", name)).dependencies ?? {});
  const problems = [
    ...imports.filter((name) => declared[name] === undefined).map((name) => `${name} is imported and not declared`),
    ...Object.keys(declared)
      .filter((name) => !imports.includes(name))
      .map((name) => `${name} is declared and not imported`),
    ...Object.entries(declared).flatMap(([name, version]) =>
      workspaces.some((dependencies) => (dependencies[name] ?? version) !== version)
        ? [`${name} ${version} is not the version that the packages inside it use`]
        : [],
    ),
  ];
  if (problems.length > 0)
    throw new NocpError("UNEXPECTED", `shared/client/package.json is wrong: ${problems.join("; ")}`, {
      advice: "Correct its dependencies, run npm install, and build again.",
    });
}
