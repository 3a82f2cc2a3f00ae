// Writes server-sent events to one client. A client that reads slowly gets fewer and larger events; nothing is queued for it.
import type { ServerResponse } from "node:http";
import type { AnswerPiece } from "@nocp/contracts/delta.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import type { AnswerStream, ServerEvent } from "@nocp/models/server-api.ts";

export interface EventWriterOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly stream: AnswerStream;
  readonly keepAlive: ServerEvent | undefined;
  readonly keepAliveMs: number;
  readonly stalledAfterMs: number;
  /** The client has read nothing for too long. */
  readonly onStalled: () => void;
}

export interface EventWriter {
  /** Whether the status is sent, so that an error can only be an event. */
  readonly hasBegun: boolean;
  write(piece: AnswerPiece): void;
  /** Sends what is left and ends the response. @param rest what of the answer was not given to `write`. */
  end(result: NocpResult, rest: readonly AnswerPiece[]): void;
  /** Ends the response with an error. */
  fail(event: ServerEvent): void;
  /** Sends nothing more. */
  stop(): void;
}

/** The status goes out with the first event, so that a call that fails before it gets a status of its own. */
export function createEventWriter(response: ServerResponse, options: EventWriterOptions): EventWriter {
  const { stream, keepAlive, keepAliveMs, stalledAfterMs, onStalled } = options;
  let pending: AnswerPiece[] = [];
  let isBlocked = false;
  let stalled: NodeJS.Timeout | undefined;

  const write = (text: string): void => {
    if (!response.headersSent) {
      response.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache",
        ...options.headers,
      });
    }
    beat.refresh();
    if (response.write(text)) return;
    isBlocked = true;
    stalled ??= setTimeout(onStalled, stalledAfterMs);
  };
  const beat = setInterval(() => {
    if (!isBlocked) write(keepAlive === undefined ? ": keep-alive\n\n" : eventText(keepAlive));
  }, keepAliveMs);
  const flush = (): void => {
    if (isBlocked || pending.length === 0) return;
    const events = joinPieces(pending).flatMap((piece) => stream.write(piece));
    pending = [];
    if (events.length > 0) write(events.map(eventText).join(""));
  };
  const onDrain = (): void => {
    isBlocked = false;
    clearTimeout(stalled);
    stalled = undefined;
    flush();
  };
  response.on("drain", onDrain);
  const stop = (): void => {
    clearInterval(beat);
    clearTimeout(stalled);
    response.off("drain", onDrain);
  };
  const finish = (events: readonly ServerEvent[]): void => {
    write(events.map(eventText).join(""));
    stop();
    response.end();
  };
  return {
    get hasBegun() {
      return response.headersSent;
    },
    write(piece) {
      pending.push(piece);
      flush();
    },
    end: (result, rest) => finish(stream.end(result, joinPieces([...pending, ...rest]))),
    fail: (event) => finish([event]),
    stop,
  };
}

/** Pieces that follow one another in the same place as one. */
function joinPieces(pieces: readonly AnswerPiece[]): AnswerPiece[] {
  const joined: AnswerPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last !== undefined && isContinued(last, piece)) joined[joined.length - 1] = concatenated(last, piece);
    else joined.push(piece);
  }
  return joined;
}

function isContinued({ reasoning: last, toolCall }: AnswerPiece, { reasoning: next, toolCall: more }: AnswerPiece): boolean {
  if (toolCall !== undefined || more !== undefined) return toolCall?.call === more?.call;
  if (last === undefined || next === undefined) return last === next;
  const isSamePart = last.part?.kind === next.part?.kind && last.part?.index === next.part?.index;
  return last.item === next.item && isSamePart && last.data === undefined && next.data === undefined;
}

function concatenated(last: AnswerPiece, next: AnswerPiece): AnswerPiece {
  if (last.toolCall !== undefined)
    return { text: "", toolCall: { ...last.toolCall, ...next.toolCall, text: last.toolCall.text + (next.toolCall?.text ?? "") } };
  return last.reasoning === undefined
    ? { text: last.text + next.text }
    : { text: "", reasoning: { ...last.reasoning, text: last.reasoning.text + (next.reasoning?.text ?? "") } };
}

const eventText = ({ event, data }: ServerEvent): string =>
  `${event === undefined ? "" : `event: ${event}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
