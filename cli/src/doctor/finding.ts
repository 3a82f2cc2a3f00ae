// One line of ./nocp doctor.

export interface Finding {
  readonly what: string;
  /** `optional` is missing without being needed; `missing` and `wrong` make the command fail. */
  readonly state: "ok" | "optional" | "missing" | "wrong";
  readonly detail: string;
  /** How to get or mend it; only where there is something to do. */
  readonly advice?: string;
}

export const isHealthy = (findings: readonly Finding[]): boolean =>
  findings.every(({ state }) => state === "ok" || state === "optional");
