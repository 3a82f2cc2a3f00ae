// file.search: where a text occurs in the files in the allowed folders.
import { z } from "zod";
import { actSection } from "../config.ts";
import { locateFile } from "../files/locate-file.ts";
import type { SearchTask } from "../files/search-files.ts";
import { defineTool } from "../tool.ts";

const inputSchema = z
  .strictObject({
    pattern: z.string().min(1).max(1000).describe("The text to look for, or a regular expression."),
    regex: z.boolean().default(false).describe("pattern is a regular expression (JavaScript, flag u)."),
    ignoreCase: z.boolean().default(false),
    path: z.string().min(1).max(4096).default(".").describe("Folder or file to search, relative to an allowed root."),
    glob: z.string().min(1).max(200).default("*").describe("Which files, e.g. *.md or src/**/*.ts."),
    contextLines: z.int().min(0).max(5).default(0).describe("Lines to show before and after each match."),
    maxMatches: z.int().min(1).max(500).default(50),
  })
  .superRefine(({ pattern, regex }, check) => {
    if (!regex) return;
    try {
      new RegExp(pattern, "u");
    } catch (error) {
      check.addIssue({ code: "custom", path: ["pattern"], message: (error as Error).message });
    }
  });

export default defineTool({
  name: "file.search",
  description: "Finds lines that contain a text or match a regular expression, in files below a folder.",
  arguments: inputSchema,
  example: { pattern: '"version"', glob: "package.json" },
  timeoutMs: 20_000,
  idempotent: true,
  settings: actSection,
  async run(input, { settings, signal, runInChild }) {
    signal.throwIfAborted();
    const { realPath, realRoot, root } = await locateFile(input.path, settings);
    const task: SearchTask = { ...input, realPath, realRoot, root, fileDeny: settings.fileDeny };
    return runInChild("file.search", task, signal);
  },
});
