// A user's own cases as sets whose recall is measured: a file each, with what the answer of a case needs.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type CaseLine, readCaseFiles } from "../workloads/load-user-cases.ts";
import type { RecallCase, RecallSet } from "./recall-case.ts";

/** @throws NocpError USAGE when a file holds no case that says what its answer needs. */
export function loadUserSets(folder: string, limit: number | undefined): RecallSet[] {
  return readCaseFiles(folder, limit).map(({ name, lines }) => {
    const cases = lines.flatMap(caseOf);
    if (cases.length === 0) throw new NocpError("USAGE", `no case of ${name} says what its answer needs, in "needs" or "gold"`);
    return { name, cases };
  });
}

function caseOf({ id, query, items, needs, gold, all }: CaseLine): RecallCase[] {
  const one = { id: String(id), query, items };
  if (needs?.length) return [{ ...one, needs, counts: "all" }];
  if (gold?.answers?.length) return [{ ...one, needs: gold.answers, counts: all ? "all" : "any" }];
  return gold?.evidence?.length ? [{ ...one, needs: gold.evidence, counts: "share" }] : [];
}
