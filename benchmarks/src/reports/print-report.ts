// Where a report goes: as text for a person, as JSON into a file, or as JSON alone on stdout.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** @param jsonFile the value of `--json`: a path, or `true` or `-` for stdout. */
export function printReport(text: string, report: unknown, jsonFile: string | true | undefined): void {
  const json = JSON.stringify(report, null, 2);
  if (jsonFile === true || jsonFile === "-") {
    console.log(json);
    return;
  }
  console.log(text);
  if (jsonFile === undefined) return;
  mkdirSync(dirname(jsonFile), { recursive: true });
  writeFileSync(jsonFile, `${json}\n`);
}
