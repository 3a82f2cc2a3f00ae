// Modules that were put together into one file still find what lies beside their sources: workers, child processes, folders of
// plugins. Each keeps the place that its source has in the project, and what it names there is built, too.
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { Plugin } from "rolldown";

/** `services/act/src/main.js` of `services/act/src/main.ts`. */
export const builtNameOf = (path: string): string => path.split(sep).join("/").replace(/\.ts$/, ".js");

const besideCall = /\bnew URL\(\s*"([^"]+)",\s*import\.meta\.url,?\s*\)/g;
const stageImport = /import\(`@nocp\/\$\{(\w+)\}\/main\.ts`\)/g;

/** @param root of the project: its modules are changed, those of packages are not. */
export function keepOwnFiles(root: string): Plugin {
  const isOwn = (id: string): boolean => id.startsWith(root + sep) && !id.includes(`${sep}node_modules${sep}`);
  return {
    name: "own-files",
    transform(code, id) {
      if (!isOwn(id) || !/\bimport\.meta\b|import\(`/.test(code)) return null;
      const build = (path: string) => this.emitFile({ type: "chunk", id: path, fileName: builtNameOf(relative(root, path)) });
      const ownName = builtNameOf(relative(root, id));
      const changed = code
        .replace(stageImport, (_, name: string) => `import($ownFile(\`services/\${${name}}/src/main.js\`))`)
        .replace(besideCall, (call, named: string) => {
          const path = resolve(dirname(id), named);
          const modules = modulesAt(path);
          for (const module of modules) build(module);
          return modules.includes(path) ? call.replace(named, builtNameOf(named)) : call;
        })
        .replaceAll("import.meta.url", `$ownFile(${JSON.stringify(ownName)})`)
        .replaceAll("import.meta.dirname", `$ownFolder(${JSON.stringify(dirname(ownName))})`);
      return { code: changed, map: null };
    },
    renderChunk(code, { fileName }) {
      if (!/\$own(?:File|Folder)\(/.test(code)) return null;
      const up = "../".repeat(fileName.split("/").length - 1) || "./";
      return {
        code: `import { fileURLToPath as $pathOfUrl } from "node:url";
const $ownFile = (path) => new URL(${JSON.stringify(up)} + path, import.meta.url).href;
const $ownFolder = (path) => $pathOfUrl($ownFile(path));
${code}`,
      };
    },
  };
}

/** A module, the plugins of a folder, or those of the folders in it, such as `vendors/openai/vendor.ts`. */
function modulesAt(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return path.endsWith(".ts") ? [path] : [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) return modulesAt(join(inside, `${basename(path).replace(/s$/, "")}.ts`));
    return /\.ts$/.test(entry.name) && !/\.(?:test|d)\.ts$/.test(entry.name) ? [inside] : [];
  });
}
