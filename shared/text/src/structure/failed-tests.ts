// Reports of tests as XML (JUnit, NUnit, TRX): what failed below a test's case is a failure, as in a runner's output.
import type { Structure, Unit } from "./unit.ts";

const testCase = /^ *(?:testcase|test-case|UnitTestResult)\b/m;
const failed = /^ *(?:failure|error|rerunFailure|flakyFailure|ErrorInfo|Exception)\b/;

/** Units of XML as text, with the role of failures; the same ones where it reports no tests. */
export function withFailedTests({ text, units }: Structure): readonly Unit[] {
  if (!testCase.test(text)) return units;
  const isFailure = new Uint8Array(units.length);
  const isBelowCase = new Uint8Array(units.length);
  return units.map((unit, at) => {
    const head = text.slice(unit.start, unit.start + 120);
    const { parent } = unit;
    isBelowCase[at] = parent !== -1 && (isBelowCase[parent] === 1 || testCase.test(headOf(text, units[parent]))) ? 1 : 0;
    if ((isBelowCase[at] === 1 && failed.test(head)) || (parent !== -1 && isFailure[parent] === 1)) isFailure[at] = 1;
    return isFailure[at] === 1 ? { ...unit, role: "failure" } : unit;
  });
}

const headOf = (text: string, unit: Unit | undefined): string =>
  unit ? (text.slice(unit.start, unit.start + 120).split("\n")[0] ?? "") : "";
