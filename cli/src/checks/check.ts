// One check of the sources: the contract.

export interface Check {
  readonly name: string;
  /** What it looks at, for --help and failures. */
  readonly summary: string;
  /** Arguments of the pinned Node, relative to the project's folder. */
  readonly args: readonly string[];
  /** Seconds or less: what the pre-commit hook runs. */
  readonly isFast: boolean;
}
