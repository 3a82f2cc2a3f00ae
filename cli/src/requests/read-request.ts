// A request as a caller wrote it, from a file or stdin.

import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import { parseWithExactArguments } from "@nocp/contracts/json/exact-numbers.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import { requestSchema } from "@nocp/contracts/request.ts";

/** @param source a path, or `-` for stdin. @throws NocpError USAGE, INVALID_JSON, INVALID_REQUEST naming the field. */
export async function readRequest(source: string, stdin: NodeJS.ReadableStream): Promise<NocpRequestInput> {
  const body = source === "-" ? await text(stdin) : readSource(source);
  const where = source === "-" ? "stdin" : source;
  const parsed = parseJson(body, where);
  const checked = requestSchema.safeParse(parsed);
  if (!checked.success) throw new NocpError("INVALID_REQUEST", `${where}: ${describeProblems(checked.error)}`);
  return parsed as NocpRequestInput;
}

function readSource(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new NocpError("USAGE", `cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`, { advice: "Check the path" });
  }
}

function parseJson(body: string, where: string): unknown {
  try {
    return parseWithExactArguments(body);
  } catch (error) {
    throw new NocpError("INVALID_JSON", `${where} is not JSON: ${(error as Error).message}`, {
      advice: "Give one JSON object; examples/ has some",
    });
  }
}
