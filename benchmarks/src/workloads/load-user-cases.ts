// A user's own cases: JSON lines as `./nocp assess` reads them, with what the answer needs where it is known.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { assessLineSchema } from "@nocp/assess/assess-lines.ts";
import type { ContextItem, MessageItem } from "@nocp/contracts/context-item.ts";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import { parseKeepingDigits } from "@nocp/contracts/json/exact-numbers.ts";
import { type ConversationMessage, messageRoles } from "@nocp/contracts/request.ts";
import { z } from "zod";
import type { CaseContext, CaseGroup, Question, WorkloadCase } from "./workload.ts";

/** `needs`, or `gold` as question-answering sets name it: any of `answers` (all with `all`), or else the `evidence`. */
const lineSchema = assessLineSchema.extend({
  needs: z.array(z.string().min(1)).optional(),
  gold: z.looseObject({ answers: z.array(z.string()).optional(), evidence: z.array(z.string()).optional() }).optional(),
  all: z.boolean().optional(),
});
export type CaseLine = z.infer<typeof lineSchema>;

/** A file of a user's cases, named without its ending. */
export interface CaseFile {
  readonly name: string;
  readonly lines: readonly CaseLine[];
}

/** Asked when a case has no question of its own. */
const openQuestion = "What does this say?";

/**
 * @param limit cases taken of each file; all when undefined.
 * @throws NocpError USAGE naming file and line, or when there is no `.jsonl` file.
 */
export function readCaseFiles(folder: string, limit: number | undefined): CaseFile[] {
  const names = filesOf(folder);
  if (names.length === 0) throw new NocpError("USAGE", `${folder} holds no .jsonl file: put cases there, one JSON object a line`);
  return names.map((name) => {
    const lines = readFileSync(join(folder, name), "utf8").split("\n");
    const numbered = lines.map((text, at) => ({ text, place: `${name}:${at + 1}` })).filter(({ text }) => text.trim() !== "");
    const own = numbered.slice(0, limit).map(({ text, place }) => parseLine(text, place));
    if (own.length === 0) throw new NocpError("USAGE", `${join(folder, name)} holds no case`);
    return { name: basename(name, ".jsonl"), lines: own };
  });
}

/** The same as groups of a workload. */
export const loadUserCases = (folder: string, limit: number | undefined): CaseGroup[] =>
  readCaseFiles(folder, limit).map(({ name, lines }) => {
    return { workload: "own cases", size: name, label: `${lines.length} cases`, cases: lines.map(caseOf) };
  });

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".jsonl"))
      .sort();
  } catch (error) {
    throw new NocpError("USAGE", `cannot read the folder ${folder}: ${coerceError(error).message}`);
  }
}

function parseLine(text: string, place: string): CaseLine {
  let value: unknown;
  try {
    value = parseKeepingDigits(text.trim());
  } catch (error) {
    throw new NocpError("USAGE", `${place} is not JSON: ${coerceError(error).message}`);
  }
  const checked = lineSchema.safeParse(value);
  if (!checked.success) throw new NocpError("USAGE", `${place}: ${describeProblems(checked.error)}`);
  return checked.data;
}

const caseOf = (line: CaseLine): WorkloadCase => ({
  id: String(line.id),
  query: line.query.trim() === "" ? openQuestion : line.query,
  ...neededOf(line),
  context: contextOf(line.items),
  ...(line.targetRatio === undefined ? {} : { targetRatio: line.targetRatio }),
  ...(line.maxTokens === undefined ? {} : { maxTokens: line.maxTokens }),
  ...(line.recallFloor === undefined ? {} : { recallFloor: line.recallFloor }),
  ...(line.model === undefined ? {} : { model: line.model }),
});

function neededOf({ needs, gold, all }: CaseLine): Pick<Question, "kind" | "needs" | "enough"> {
  if (needs?.length) return { kind: "facts named", needs, enough: "all" };
  if (gold?.answers?.length) return { kind: "answers named", needs: gold.answers, enough: all ? "all" : "any" };
  if (gold?.evidence?.length) return { kind: "evidence named", needs: gold.evidence, enough: "all" };
  return { kind: "nothing named", needs: [], enough: "all" };
}

const contextOf = (items: readonly ContextItem[]): CaseContext => ({
  documents: items.flatMap((item) => (item.kind === "document" ? { id: item.id, title: item.title, text: item.text } : [])),
  messages: items.flatMap((item) => (item.kind === "message" ? messageOf(item) : [])),
  files: items.flatMap((item) => (item.kind === "tool" ? { name: item.name, value: item.data } : [])),
});

const dateTime = z.iso.datetime({ offset: true });

/** A speaker who is none of the roles of a chat is a user with a name. */
function messageOf({ role, text, at }: MessageItem): ConversationMessage {
  const known = messageRoles.find((one) => one === role);
  return {
    ...(known === undefined ? { role: "user", name: role } : { role: known }),
    text,
    ...(at !== undefined && dateTime.safeParse(at).success ? { at } : {}),
  };
}
