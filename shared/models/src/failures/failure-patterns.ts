// What a vendor's errors look like: its codes, and its sentences where it sends no code.

export type FailureKind = "quota" | "auth" | "context" | "filter" | "rate" | "overloaded" | "timeout" | "model";

type Patterns = { readonly [Kind in FailureKind]?: RegExp };

export interface FailurePatterns {
  /** Matched against each code and type of an error. */
  readonly codes: Patterns;
  /** Matched against the error's message; trusted less than a code. */
  readonly sentences: Patterns;
}
