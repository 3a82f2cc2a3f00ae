// A stored message as the handler gets it: body fetched, parsed and checked.
import { deadlineOf } from "@nocp/contracts/deadline.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import { handedBody } from "@nocp/contracts/handed-message.ts";
import { parseWithExactArguments } from "@nocp/contracts/json/exact-numbers.ts";
import { mayHoldSurrogates, withWellFormedTexts } from "@nocp/contracts/json/well-formed-text.ts";
import { isNestedDeeper, maxJsonDepth } from "@nocp/contracts/json-depth.ts";
import { factSchemas } from "@nocp/contracts/messages.ts";
import { type NocpRequest, requestIdPattern, sessionIdPattern } from "@nocp/contracts/request.ts";
import { type ParsedFactSubject, parseFactSubject, requestKey } from "@nocp/contracts/topology.ts";
import type { StageMessage } from "./handler.ts";
import type { Handover } from "./handover.ts";
import { deadlineHeader, messageIdHeader } from "./message-headers.ts";
import { redriveId, redriveOf } from "./message-id.ts";
import type { DeliveredMessage } from "./transport.ts";

/** What subject and headers say, known before the body is looked at, so that even rubbish gets an answer. */
export interface Addressed extends ParsedFactSubject {
  readonly messageId: string;
  /** When the broker stored this message; for a submission, the request's acceptance. */
  readonly storedAt: number;
  /** Set when a dead letter is sent again: replaces the body's deadline. */
  readonly renewedDeadlineAt: number | undefined;
}

export interface Decoded extends Addressed {
  readonly message: StageMessage;
  readonly request: NocpRequest;
  readonly submittedAt: number;
  readonly deadlineAt: number;
}

export interface DecodePolicy {
  readonly maxRequestBytes: number;
  readonly defaultTimeoutMs: number;
}

/** @throws NocpError INVALID_MESSAGE when the subject is none of a stage's. */
export function addressOf(message: DeliveredMessage): Addressed {
  const { handover, storedAt } = message;
  if (handover) {
    const { fact, address, messageId } = handover;
    return { ...address, fact, messageId, storedAt, renewedDeadlineAt: undefined };
  }
  const parsed = parseFactSubject(message.subject);
  if (!parsed) throw new NocpError("INVALID_MESSAGE", `the subject ${message.subject} is not that of a message of NOCP`);
  const { headers } = message;
  return {
    ...parsed,
    messageId: messageIdOf(parsed, headers?.get(messageIdHeader)),
    storedAt,
    renewedDeadlineAt: Number(headers?.get(deadlineHeader)) || undefined,
  };
}

/**
 * Ids of emissions derive from it. A submission's comes from its subject: a header that a caller chose could equal the id
 * of another tenant's message, whose emissions would then be dropped as repeats. Only the mark of a redrive is kept.
 */
function messageIdOf(address: ParsedFactSubject, header: string | undefined): string {
  if (address.fact !== "request.submitted" && header) return header;
  const redrive = header ? redriveOf(header) : 0;
  return redrive === 0 ? requestKey(address) : redriveId(requestKey(address), redrive);
}

/** The body's bytes, fetched when they travelled by claim check (M8). */
export function bodyOf(
  message: DeliveredMessage,
  { fact }: Addressed,
  { maxRequestBytes }: DecodePolicy,
): Uint8Array | Promise<Uint8Array> {
  if (fact === "request.submitted" && message.bodyBytes > maxRequestBytes) {
    throw new NocpError("REQUEST_TOO_LARGE", `the request has ${message.bodyBytes} bytes, ${maxRequestBytes} are allowed`);
  }
  // What the sender said of the size may be wrong.
  return message.body(fact === "request.submitted" ? maxRequestBytes : undefined);
}

const textDecoder = new TextDecoder("utf-8", { fatal: true });

/** What the messages between stages put around what callers, tools and models send. */
const wrappingLevels = 16;

/** @throws NocpError INVALID_JSON, INVALID_REQUEST or INVALID_MESSAGE, naming the field. */
export function decodeBody(body: Uint8Array, addressed: Addressed, policy: DecodePolicy): Decoded {
  const json = boundedJson(body, addressed);
  const isSubmission = addressed.fact === "request.submitted";
  return decodedOf(
    factSchemas[addressed.fact].safeParse(isSubmission ? withTenant(json, addressed.tenant) : json),
    addressed,
    policy,
  );
}

/** Of what never was JSON. @throws NocpError INVALID_MESSAGE, naming the field. */
export const decodeHandover = ({ content }: Handover, addressed: Addressed, policy: DecodePolicy): Decoded =>
  decodedOf(handedBody(addressed.fact, content), addressed, policy);

function decodedOf(parsed: ReturnType<typeof handedBody>, addressed: Addressed, policy: DecodePolicy): Decoded {
  if (addressed.fact !== "request.submitted") {
    if (!parsed.success) throw new NocpError("INVALID_MESSAGE", `${addressed.fact}: ${describeProblems(parsed.error)}`);
    const message = { fact: addressed.fact, body: parsed.data } as Exclude<StageMessage, { fact: "request.submitted" }>;
    const { requestId, lane, request, deadlineAt, submittedAt } = message.body;
    if (requestId !== addressed.requestId || lane !== addressed.lane) {
      throw new NocpError("INVALID_MESSAGE", `${addressed.fact}: the body is of ${requestId} in ${lane}, the subject is not`);
    }
    checkTenant(request, addressed);
    return { ...addressed, message, request, submittedAt, deadlineAt: addressed.renewedDeadlineAt ?? deadlineAt };
  }
  if (!parsed.success) throw new NocpError("INVALID_REQUEST", describeProblems(parsed.error));
  const request = parsed.data as NocpRequest;
  checkTenant(request, addressed);
  if (!requestIdPattern.test(addressed.requestId)) {
    throw new NocpError("INVALID_REQUEST", `requestId: the subject ends in ${addressed.requestId}, which is not a UUID`);
  }
  if (request.requestId !== undefined && request.requestId !== addressed.requestId) {
    throw new NocpError("INVALID_REQUEST", `requestId: ${request.requestId} differs from the subject's ${addressed.requestId}`);
  }
  const submittedAt = addressed.storedAt;
  const deadlineAt = addressed.renewedDeadlineAt ?? deadlineOf(request.limits, submittedAt, policy.defaultTimeoutMs);
  return { ...addressed, message: { fact: "request.submitted", body: request }, request, submittedAt, deadlineAt };
}

/** A submission need not repeat the tenant of its subject. */
const withTenant = (json: unknown, tenant: string): unknown =>
  typeof json === "object" && json !== null && !Array.isArray(json) ? { tenant, ...json } : json;

/** What the broker let the sender publish as decides, so a body may not speak for another tenant. */
function checkTenant(request: NocpRequest, { fact, tenant }: Addressed): void {
  if (!sessionIdPattern.test(tenant))
    throw new NocpError("INVALID_REQUEST", `tenant: the subject names ${tenant}, which is not the name of a tenant`);
  if (request.tenant !== tenant)
    throw new NocpError(
      "INVALID_MESSAGE",
      `${fact}: the body is of tenant ${request.tenant}, the subject is of tenant ${tenant}`,
    );
}

/** Its levels are counted before anything recurses into it. */
function boundedJson(body: Uint8Array, addressed: Addressed): unknown {
  const parsed = parseJson(body, addressed);
  const isSubmission = addressed.fact === "request.submitted";
  const levels = isSubmission ? maxJsonDepth : maxJsonDepth + wrappingLevels;
  // A level takes a byte on either side.
  if (body.byteLength <= 2 * levels || !isNestedDeeper(parsed, levels)) return parsed;
  throw new NocpError(isSubmission ? "INVALID_REQUEST" : "INVALID_MESSAGE", `the body is nested more than ${levels} levels deep`);
}

function parseJson(body: Uint8Array, addressed: Addressed): unknown {
  try {
    const source = textDecoder.decode(body);
    const parsed = parseWithExactArguments(source);
    return mayHoldSurrogates(source) ? withWellFormedTexts(parsed) : parsed;
  } catch (error) {
    const code = addressed.fact === "request.submitted" ? "INVALID_JSON" : "INVALID_MESSAGE";
    throw new NocpError(
      code,
      body.byteLength === 0 ? "the body is empty" : `the body is not JSON: ${shortened((error as Error).message)}`,
    );
  }
}

/** V8's message quotes the text around the fault, which may be content: keep what comes before it. */
const shortened = (message: string): string => message.split(/,? ["'`]|\.\.\./)[0] ?? "unreadable";
