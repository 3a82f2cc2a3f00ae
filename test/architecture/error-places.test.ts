// Where the code raises which error, against what the catalogue declares.
import { type ErrorCode, errorCatalogue, isErrorCode } from "@nocp/contracts/errors/catalogue.ts";
import type { ErrorPlace } from "@nocp/contracts/errors/catalogue-entry.ts";
import { describe, expect, test } from "vitest";
import { readSourceFiles, type SourceFile, sourceFolders } from "./source-file.ts";

/** In which places an error can surface that is raised below a path; the longest path counts. */
const placesBelow: Readonly<Record<string, readonly ErrorPlace[]>> = {
  benchmarks: ["cli"],
  cli: ["cli"],
  services: ["stage"],
  "services/act": ["tool", "service"],
  "services/act/src/handle.ts": ["tool", "stage"],
  "services/assess": ["stage", "provider", "cli"],
  "services/gateway": ["service", "client", "provider"],
  "services/llm-router": ["stage", "provider", "service"],
  "services/observability": ["cli", "client"],
  "shared/client": ["client"],
  // Answers for the stage that the request never reached.
  "shared/client/src/cancel-request.ts": ["client", "stage"],
  "shared/contracts": ["cli", "client", "service", "stage", "provider"],
  "shared/models": ["stage", "provider"],
  "shared/runtime": ["cli", "client", "service", "stage", "tool"],
  "shared/runtime/src/stage": ["stage"],
  "shared/text": ["stage"],
};

function placesOf(path: string): readonly ErrorPlace[] {
  const prefixes = Object.keys(placesBelow).filter((prefix) => path === prefix || path.startsWith(`${prefix}/`));
  const longest = prefixes.sort((left, right) => right.length - left.length)[0];
  if (longest === undefined) throw new Error(`${path} is in no place: add its folder to this test`);
  return placesBelow[longest] ?? [];
}

const raisedIn = ({ path, text }: SourceFile): ErrorCode[] =>
  path.startsWith("shared/contracts/src/errors/") && !path.endsWith("nocp-error.ts")
    ? []
    : [...text.matchAll(/(?:new NocpError\(|\bcode: |\bcode = )([^;,{]*)/g)].flatMap(([, expression]) =>
        [...(expression ?? "").matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code as string).filter(isErrorCode),
      );

const raises = readSourceFiles(sourceFolders).flatMap((file) =>
  raisedIn(file).map((code) => ({ code, path: file.path, places: placesOf(file.path) })),
);
const declaredPlaces = (code: ErrorCode): readonly ErrorPlace[] => errorCatalogue[code].raisedBy;

describe("the error catalogue", () => {
  test("declares a place for every error that the code raises", () => {
    const undeclared = raises.filter(({ code, places }) => !places.some((place) => declaredPlaces(code).includes(place)));
    expect(undeclared.map(({ code, path }) => `${path} raises ${code}`)).toEqual([]);
  });

  test("declares no code and no place that nothing raises", () => {
    const unraised = (Object.keys(errorCatalogue) as ErrorCode[]).flatMap((code) =>
      declaredPlaces(code)
        .filter((place) => place !== "warning")
        .filter((place) => !raises.some((raise) => raise.code === code && raise.places.includes(place)))
        .map((place) => `${code} in ${place}`),
    );
    expect(unraised).toEqual([]);
  });
});
