// Where a report goes: as text for a person, as JSON into a file, or as JSON alone on stdout.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { onStdout } from "../options/benchmark-options.ts";

/** @param jsonPlace the value of `--json`, absent where it was not given. */
export function printReport(text: string, report: unknown, jsonPlace: string | undefined): void {
  const json = JSON.stringify(report, null, 2);
  if (jsonPlace === onStdout) {
    console.log(json);
    return;
  }
  console.log(text);
  if (jsonPlace === undefined) return;
  mkdirSync(dirname(jsonPlace), { recursive: true });
  writeFileSync(jsonPlace, `${json}\n`);
}
