// Every regular expression that the sources hold: literals as they are written, others as they are built on loading.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseSync, Visitor } from "oxc-parser";

export interface FoundExpression {
  readonly source: string;
  readonly flags: string;
  /** `<path>:<line>` of a literal; the path alone of one that is built. */
  readonly place: string;
}

const folders = ["shared", "services", "cli", "benchmarks"];

/** Loading one of these starts something. */
const isProgram = (path: string): boolean =>
  /(?:\/main|\/src\/export-[\w-]+|\/worker-tasks|-worker)\.ts$|^benchmarks\/src\/[\w-]+\.ts$/.test(path);

/** @param root the project's folder. Tests, whose input is their own, are left out. */
export async function findExpressions(root: string): Promise<FoundExpression[]> {
  const found: FoundExpression[] = [];
  const building: string[] = [];
  for (const path of sourcesIn(root)) {
    const text = readFileSync(join(root, path), "utf8");
    if (readLiterals(path, text, found) && !isProgram(path)) building.push(path);
  }
  for (const path of building) found.push(...(await builtOnLoading(root, path)));
  return found;
}

const sourcesIn = (root: string): string[] =>
  folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
    )
    .filter((path) => path.endsWith(".ts") && path.includes("/src/") && !/node_modules|\.(?:test|d)\.ts$/.test(path))
    .sort();

/** @returns whether the file builds expressions as well. */
function readLiterals(path: string, text: string, found: FoundExpression[]): boolean {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  let builds = false;
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
  new Visitor({
    Literal: (node) => {
      if (!("regex" in node)) return;
      found.push({ source: node.regex.pattern, flags: node.regex.flags, place: `${path}:${lineAt(node.start)}` });
    },
    NewExpression: ({ callee }) => {
      builds ||= callee.type === "Identifier" && callee.name === "RegExp";
    },
  }).visit(program);
  return builds;
}

/** Loads the file while the constructor of expressions notes what it is asked for. */
async function builtOnLoading(root: string, path: string): Promise<FoundExpression[]> {
  const found: FoundExpression[] = [];
  const { RegExp: original } = globalThis;
  globalThis.RegExp = new Proxy(original, {
    construct(target, [source, flags]: [string | RegExp, string | undefined]) {
      const built = new target(source, flags);
      found.push({ source: built.source, flags: built.flags, place: path });
      return built;
    },
  });
  try {
    await import(pathToFileURL(join(root, path)).href);
  } finally {
    globalThis.RegExp = original;
  }
  return found;
}
