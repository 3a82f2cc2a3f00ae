// What the published package exports: its one entry, and the reason why this file is a list of exports.
// The docstrings of the messages' types are made from their schemas when the package is built.

export type { DeadLetter } from "@nocp/contracts/dead-letter.ts";
export type { Delta } from "@nocp/contracts/delta.ts";
export type { ErrorCode } from "@nocp/contracts/errors/catalogue.ts";
export type { Disposition } from "@nocp/contracts/errors/catalogue-entry.ts";
export { NocpError, type NocpErrorOptions } from "@nocp/contracts/errors/nocp-error.ts";
export type { StageEvent } from "@nocp/contracts/event.ts";
export type { NocpRequestInput as NocpRequest } from "@nocp/contracts/request.ts";
export { createRequestId } from "@nocp/contracts/request-id.ts";
export type { NocpResult } from "@nocp/contracts/result.ts";
export type { SessionHead, SessionRef, SessionSnapshot, SessionTurn } from "@nocp/contracts/session.ts";
export type { Lane, Stage } from "@nocp/contracts/topology.ts";
export type { SessionFilter } from "@nocp/runtime/stores/sessions/session-store.ts";

export { restoreText } from "@nocp/text/lossless/lossless.ts";
export { MissingPayloads } from "@nocp/text/lossless/payloads.ts";
export { type AskOptions, type Client, type ClientOptions, createClient, type ResultOptions } from "./create-client.ts";
export type { DeadLetters, StoredDeadLetter } from "./dead-letters.ts";
export type { Sessions } from "./sessions.ts";
export type { Submitted } from "./submit-request.ts";
export type { RequestWatcher } from "./watch-request.ts";
