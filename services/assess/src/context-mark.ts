// The mark in the tags around a prompt's context, which whoever wrote the content can neither foresee nor use.
import { createHmac } from "node:crypto";
import type { NocpRequest } from "@nocp/contracts/request.ts";

/** @param contents what stands between the tags. */
export type MarkFor = (contents: readonly string[]) => string;

/** The marks of one request: each is made once, however many prompts are built of it. */
export type ContextMarks = (request: NocpRequest) => MarkFor;

const markCharacters = 12;

/**
 * Marks that need the secret to be known. The same for every turn of a session, and for every request whose conversation
 * begins with the same message, or whose documents with the same one where there is none: vendors cache prompts by their first bytes.
 * A mark that the content names, as text of an earlier turn might have told it, gives way to the next one.
 */
export const createContextMarks = (secret: string): ContextMarks => {
  const markOf = (origin: string, attempt: number): string =>
    createHmac("sha256", secret).update(`${attempt} ${origin}`).digest("hex").slice(0, markCharacters);
  return (request) => {
    const marks: string[] = [];
    let origin: string | undefined;
    return (contents) => {
      for (let attempt = 0; ; attempt += 1) {
        origin ??= originOf(request);
        const mark = marks[attempt] ?? markOf(origin, attempt);
        marks[attempt] = mark;
        if (!contents.some((content) => content.includes(mark))) return mark;
      }
    };
  };
};

/** What the prompts of a conversation have in common from their first one on. */
function originOf({ tenant, session, messages, documents, query }: NocpRequest): string {
  // Instructions are the same in many conversations.
  const first = messages.find(({ role }) => role !== "system");
  const [document] = documents;
  if (session) return JSON.stringify([tenant, "session", session.id]);
  if (first) return JSON.stringify([tenant, "message", first.role, first.text]);
  return JSON.stringify(document ? [tenant, "document", document.text] : [tenant, "query", query]);
}
