// Subjects of the release before tenants, and what they are now.
import { deadSubject, type Fact, factSubject, facts, type Lane, lanes, resultSubject, stages } from "@nocp/contracts/topology.ts";
import { oldPrefix } from "../old-prefix.ts";

export const oldSubjects = `${oldPrefix}.>`;
export const isOldSubject = (subject: string): boolean => subject.startsWith(`${oldPrefix}.`);

export interface OldSubject {
  readonly fact?: Fact;
  readonly lane?: Lane;
  /** Absent in that of dead letters. */
  readonly requestId?: string;
  subjectFor(tenant: string): string;
}

/** @returns `undefined` for one that no release had. */
export function parseOldSubject(subject: string): OldSubject | undefined {
  const [, , noun, verb, ...rest] = subject.split(".");
  if (noun === "dead") {
    const stage = stages.find((name) => name === verb);
    return stage && { subjectFor: () => deadSubject(stage) };
  }
  const requestId = rest.at(-1);
  if (requestId === undefined) return undefined;
  if (noun === "response") return { requestId, subjectFor: (tenant) => resultSubject({ tenant, requestId }) };
  const fact = facts.find((name) => name === `${noun}.${verb}`);
  const lane = lanes.find((name) => name === rest[0]);
  return fact && lane && { fact, lane, requestId, subjectFor: (tenant) => factSubject(fact, { tenant, lane, requestId }) };
}

/**
 * Ids of messages and keys of records begin with the tenant now. Every id changes: the server remembers the old ones, and would
 * drop a message that is stored again under its own.
 */
export const newIdOf = (id: string, tenant: string): string => `${tenant}.${id}`;
