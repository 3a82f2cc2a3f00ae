// One line of ./nocp doctor.

export interface Finding {
  readonly what: string;
  /** `optional`: missing, but not needed. `missing` and `wrong` make the command fail. */
  readonly state: "ok" | "optional" | "missing" | "wrong";
  readonly detail: string;
  /** What to do about it, if anything. */
  readonly advice?: string;
}

export const isHealthy = (findings: readonly Finding[]): boolean =>
  findings.every(({ state }) => state === "ok" || state === "optional");
