// A call of a model that helps, which came to no answer that is used: what its bill rests on.

export interface FailedModelCall {
  /** Undefined for a call that was ended from outside. */
  readonly errorCode: string | undefined;
  /** The vendor certainly did not bill it. */
  readonly isUnbilled: boolean;
  /** As the vendor reports it; `null` where it reports nothing. */
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number } | null;
}
export type OnFailedCall = (call: FailedModelCall) => void;
