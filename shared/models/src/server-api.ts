// The other direction of a vendor's API: NOCP as its server. What a client sends becomes a request, a result what it expects.
import type { AnswerPiece } from "@nocp/contracts/delta.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { NativeRequest } from "@nocp/contracts/native-request.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";

/** One server-sent event; `data` is JSON unless it is text already. */
export interface ServerEvent {
  readonly event?: string;
  readonly data: unknown;
}

/** What NOCP's answer to a client is known by. */
export interface AnswerIdentity {
  readonly requestId: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
}

/** An answer on its way. What was handed to `write`, in order, is the beginning of the result's answer, and of its reasoning. */
export interface AnswerStream {
  write(piece: AnswerPiece): ServerEvent[];
  /** @param rest what of the answer was not handed to `write`. */
  end(result: NocpResult, rest: readonly AnswerPiece[]): ServerEvent[];
}

/** A call of a client, checked. */
export interface ServerCall {
  readonly model: string;
  /** Everything of the request that NOCP has a field for. */
  readonly request: Pick<NocpRequestInput, "messages" | "callerTools" | "toolChoice" | "generation" | "output"> & {
    readonly temperature?: number | undefined;
    readonly maxOutputTokens?: number | undefined;
  };
  /** The client's own body, whole. */
  readonly native: NativeRequest;
  /** The part of it that NOCP has no field for. */
  readonly nativeRest: NativeRequest;
  readonly metadata: Readonly<Record<string, string>>;
  readonly streams: boolean;
  /** Input tokens from which on the client wants its context shortened, where the model's vendor does not do it. */
  readonly contextLimit?: number | undefined;
  answer(result: NocpResult, identity: AnswerIdentity): object;
  stream(identity: AnswerIdentity): AnswerStream;
}

/** What went wrong, in the terms of HTTP. */
export interface ServerFailure {
  readonly status: number;
  /** Of NOCP's catalogue. */
  readonly code: string;
  readonly message: string;
  /** The field that is wrong. */
  readonly field?: string | undefined;
  readonly requestId: string;
}

/** An answer that is kept: what led to it, in the API's own form, and the answer itself. */
export interface StoredAnswer {
  readonly input: readonly unknown[];
  readonly answer: Readonly<Record<string, unknown>>;
}

type Body = Readonly<Record<string, unknown>>;
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Conversation {
  /** What an answer's id looks like; anything else is no answer's. */
  readonly idPattern: RegExp;
  /** The answer that a call follows. @throws InvalidField */
  previousId(body: Body): string | undefined;
  missing(id: string): InvalidField;
  /** The call with all that was said before. */
  after(body: Body, previous: StoredAnswer): Body;
  /** What to keep of an answered call; undefined where its client wants nothing kept. */
  keep(body: Body, answer: StoredAnswer["answer"]): StoredAnswer | undefined;
}

/** An API that NOCP serves. */
export interface ServerApi {
  readonly path: string;
  /** The body with what a client of this API says in headers, where that is part of the request. */
  withHeaders?(body: Body, headers: Headers): Body;
  /** @throws InvalidField */
  readCall(body: Readonly<Record<string, unknown>>): ServerCall;
  /** Where a client has the input tokens of a call counted, and how it is told. */
  readonly counting?: { readonly path: string; answer(inputTokens: number): object };
  /** Where answers are kept, so that a call can follow one of them. */
  readonly conversation?: Conversation & { idOf(identity: AnswerIdentity): string };
  /** The vendor whose items of reasoning its answers have, as they are; absent where reasoning is a text, whoever wrote it. */
  readonly reasoningItemsOf?: string;
  errorBody(failure: ServerFailure): object;
  /** The event that ends a stream which cannot be finished. */
  errorEvent(failure: ServerFailure): ServerEvent;
  /** What keeps a connection alive while nothing can be said; undefined for a comment. */
  readonly keepAlive: ServerEvent | undefined;
}

/** A field of a client's request that is wrong, or that NOCP cannot honour. */
export class InvalidField extends NocpError {
  /** As the client wrote it, e.g. `messages[2].content`. */
  readonly field: string;

  constructor(field: string, problem: string) {
    super("INVALID_REQUEST", `${field}: ${problem}`);
    this.field = field;
  }
}
