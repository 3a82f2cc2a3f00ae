// What is wrong with a value, in a sentence that names the fields: some of them, however many there are.
import type { z } from "zod";

const shownProblems = 5;
const shownCharacters = 100;
/** Of one problem: five of them stay below 2 kB. */
const longestProblem = 350;

/** `limits.timeoutMs: expected number, received string; unknown field "foo"`: five problems and how many more there are. */
export function describeProblems({ issues }: z.ZodError): string {
  const shown = issues.slice(0, shownProblems).map((issue) => shortened(describeIssue(issue), longestProblem));
  if (issues.length > shown.length) shown.push(`and ${(issues.length - shown.length).toLocaleString("en")} more problems`);
  return shown.join("; ");
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const path = pathOf(issue.path);
  if (issue.code !== "unrecognized_keys") return path === "" ? issue.message : `${path}: ${issue.message}`;
  const fields = issue.keys.map((key) => `"${pathOf([...issue.path, key])}"`);
  return `unknown field${issue.keys.length === 1 ? "" : "s"} ${listSome(fields)}`;
}

const pathOf = (path: readonly PropertyKey[]): string => shortened(path.map(String).join("."), shownCharacters);

/** The beginning of a text that is longer than so many characters. */
export const shortened = (text: string, characters: number): string =>
  text.length > characters ? `${text.slice(0, characters)}…` : text;

/** `a, b, c`, and of more than five the first five and how many more there are. */
export function listSome(names: readonly string[]): string {
  const shown = names.slice(0, shownProblems).join(", ");
  const more = names.length - shownProblems;
  return more > 0 ? `${shown} and ${more.toLocaleString("en")} more` : shown;
}
