// The requests in examples/, and what their answers must hold; both stand in the file, the latter in its metadata.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";

export interface Example {
  /** The file's name. */
  readonly name: string;
  readonly title: string;
  readonly request: NocpRequestInput;
  /** A text that the answer must contain; `undefined` when any answer will do. */
  readonly expected: string | undefined;
  readonly expectedStatus: NocpResult["status"];
  /** The least share of the input tokens that must be saved; `undefined` where nothing need be. */
  readonly expectedSaving: number | undefined;
}

export interface AnswerCheck {
  readonly what: string;
  readonly passed: boolean;
}

/** Call it once the files that expectations point to have been built. @param root the project's folder. */
export function loadExamples(root: string): Example[] {
  const folder = join(root, "examples");
  const names = readdirSync(folder).filter((name) => /^\d+-.*\.json$/.test(name));
  return names.sort().map((name) => {
    const request = JSON.parse(readFileSync(join(folder, name), "utf8")) as NocpRequestInput;
    const { title = name, expected, expectedFrom, expectedStatus = "succeeded", expectedSaving } = request.metadata ?? {};
    return {
      name,
      title,
      request,
      expected: expected ?? (expectedFrom === undefined ? undefined : valueAt(root, expectedFrom)),
      expectedStatus: expectedStatus as Example["expectedStatus"],
      expectedSaving: expectedSaving === undefined ? undefined : Number(expectedSaving),
    };
  });
}

/** `package-lock.json#/packages/node_modules~1zod/version`: a file and a JSON Pointer (RFC 6901) into it. */
export function valueAt(root: string, reference: string): string {
  const [file = "", pointer = ""] = reference.split("#");
  let value: unknown = JSON.parse(readFileSync(join(root, file), "utf8"));
  for (const part of pointer.split("/").slice(1)) {
    value = (value as Record<string, unknown> | undefined)?.[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  if (value === undefined) throw new Error(`${reference} leads to nothing`);
  return String(value);
}

export function checkAnswer(example: Example, result: NocpResult): AnswerCheck[] {
  const { expected, expectedStatus, expectedSaving } = example;
  const checks = [{ what: `status is ${expectedStatus}`, passed: result.status === expectedStatus }];
  if (expected !== undefined) checks.push({ what: `contains "${expected}"`, passed: contains(result.answer ?? "", expected) });
  if (expectedSaving !== undefined) {
    const { raw, optimized } = result.tokens.input;
    const what = `saves at least ${expectedSaving * 100} % of the input tokens`;
    checks.push({ what, passed: 1 - optimized / raw >= expectedSaving });
  }
  return checks;
}

/** As a word of its own: the number 5 is not found in 15. */
function contains(answer: string, expected: string): boolean {
  const escaped = expected.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\w.])${escaped}(?![\\w]|\\.\\d)`, "i").test(answer);
}
