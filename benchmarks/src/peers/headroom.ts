// headroom as contenders: a Python process that is given what NOCP is given, in the form of an agent's messages.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { z } from "zod";
import { type ComparedCase, type Contender, contentOf, type LeftText } from "./compared-case.ts";
import type { InstalledPython } from "./install-python-package.ts";

const contentSchema = z.union([z.string(), z.null(), z.array(z.looseObject({ text: z.string().optional() }))]).optional();
const messageSchema = z.looseObject({ role: z.string(), content: contentSchema, tool_calls: z.unknown().optional() });
const answerSchema = z.union([
  z.object({ messages: z.array(messageSchema), elapsedMs: z.number() }),
  z.object({ error: z.string() }),
]);
type Message = z.infer<typeof messageSchema>;

/**
 * Settings that its documentation gives for tool output. The text it writes is taken as it stands, so what it has put aside
 * for its own retrieval tool counts as removed, as with NOCP. Its model for prose is not in the package.
 */
const shared = { kompress_model: "disabled", protect_recent: 0, compress_user_messages: true };
const settings: Readonly<Record<string, object>> = {
  headroom: shared,
  "headroom, mode agent": { ...shared, mode: "agent" },
};

export interface Headroom {
  readonly version: string;
  readonly contenders: readonly Contender[];
  stop(): void;
}

/** @throws Error when the process ends before it answers. */
export async function startHeadroom({ python, home }: InstalledPython): Promise<Headroom> {
  const child = spawn(python, [join(import.meta.dirname, "headroom-process.py"), home], { stdio: "pipe" });
  const ask = createDialogue(child);
  const { version } = z.object({ version: z.string() }).parse(await ask());
  const contenders = Object.entries(settings).map(([name, options]) => ({
    name,
    compress: async (one: ComparedCase): Promise<LeftText> => {
      const answer = answerSchema.parse(await ask({ messages: messagesOf(one), options }));
      if ("error" in answer) throw new Error(`${name} failed on ${one.id}: ${answer.error}`);
      const text = contextOf(answer.messages, one.query);
      return { text, judged: text, elapsedMs: answer.elapsedMs };
    },
  }));
  return { version, contenders, stop: () => child.kill("SIGTERM") };
}

/** Characters of what the process wrote to stderr last. */
const longestExcuse = 2000;

/** A question a line, an answer a line, one at a time; without a question, what the process says by itself. */
function createDialogue(child: ChildProcessWithoutNullStreams): (question?: object) => Promise<unknown> {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let said = "";
  child.stderr.on("data", (text: Buffer) => {
    said = `${said}${text}`.slice(-longestExcuse);
  });
  const failed = once(child, "error").then(([error]) => Promise.reject(error));
  failed.catch(() => undefined);
  return async (question) => {
    if (question !== undefined) child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await Promise.race([lines.next(), failed]);
    if (done) throw new Error(`headroom's process ended without an answer: ${said.trim()}`);
    return JSON.parse(value);
  };
}

/** The conversation, the question, and one call for all results: what an agent would send next. */
function messagesOf({ query, items }: ComparedCase): Message[] {
  const said = items.filter((item) => item.kind === "message");
  const returned = items.filter((item) => item.kind !== "message");
  const question = { role: "user", content: query };
  const conversation = said.map(({ role, text }) => ({ role, content: text }));
  if (returned.length === 0) return [...conversation, question];
  const calls = returned.map(({ id }, at) => ({
    id: `call_${at}`,
    type: "function",
    function: { name: nameOf(returned[at] as ContextItem), arguments: JSON.stringify({ id }) },
  }));
  const results = returned.map((item, at) => ({
    role: "tool",
    tool_call_id: `call_${at}`,
    content: contentOf(item),
  }));
  return [...conversation, question, { role: "assistant", content: null, tool_calls: calls }, ...results];
}

const nameOf = (item: ContextItem): string => (item.kind === "tool" ? item.name.replace(/\W/g, "_") : "search");

/** All that is sent but for the question and the calls, also what headroom has added. */
function contextOf(messages: readonly Message[], query: string): string {
  return messages
    .filter(({ content, tool_calls: calls }) => content !== query && !(calls && !content))
    .map(({ role, content }) => {
      const text = typeof content === "string" ? content : (content ?? []).map((part) => part.text ?? "").join("\n");
      return role === "tool" ? text : `${role}: ${text}`;
    })
    .join("\n");
}
