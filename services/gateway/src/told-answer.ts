// What was told of an answer so far, for comparing two tellings, and for what of the whole answer is left to tell.
import type { AnswerPiece, ReasoningPiece, ToolCallPiece } from "@nocp/contracts/delta.ts";
import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import type { ToolRequest } from "@nocp/contracts/prompt.ts";
import { answerPieces, type WholeAnswer, wholeCall } from "@nocp/models/answers/answer-pieces.ts";
import { createReasoningText } from "@nocp/models/answers/reasoning-text.ts";

export interface ToldAnswer {
  /** @returns the piece as the client gets it; undefined for one that it does not get. */
  add(piece: AnswerPiece): AnswerPiece | undefined;
  /** Whether what the last piece added is what another telling has at that place, as far as that goes. */
  goesOnLike(other: ToldAnswer): boolean;
  /** What of the piece that was added last, as `add` returned it, comes after the end of another telling. */
  endAfter(other: ToldAnswer, piece: AnswerPiece): AnswerPiece | undefined;
  readonly text: string;
  /** Of a client that gets reasoning as text. */
  readonly reasoning: string;
  /** Items that were told to their end. */
  readonly items: readonly string[];
  /** The item that is being told, in the form of `log`; empty between two. */
  readonly open: string;
  /** Calls of tools with as much of their arguments as was told. */
  readonly calls: readonly ToolCallPiece[];
  /** All of it in order. */
  readonly log: string;
}

/** Stands in a log where another text begins. No piece is read back from it. */
const mark = (name: string): string => `\u0000${name}\u0000`;

export function createToldAnswer(itemsOf: string | undefined): ToldAnswer {
  const shown = createReasoningText();
  const items: string[] = [];
  const calls: ToolCallPiece[] = [];
  let text = "";
  let reasoning = "";
  let open = "";
  let log = "";
  /** What the last piece added to it: all that has to be compared for that piece. */
  let written = "";
  let current = "";
  const write = (name: string, piece: string): string => {
    const added = (name === current ? "" : mark(name)) + piece;
    current = name;
    log += added;
    written += added;
    return added;
  };
  const addText = (piece: ReasoningPiece): AnswerPiece | undefined => {
    const added = shown.push(piece.item, piece.text);
    if (added === "") return undefined;
    write("reasoning", added);
    reasoning += added;
    return { text: "", reasoning: { item: 0, text: added } };
  };
  const addItem = (piece: ReasoningPiece): AnswerPiece => {
    open += write(placeIn(piece), piece.text);
    if (piece.data !== undefined) {
      const identity = identityOf(piece.data);
      write(`whole ${identity}`, "");
      items.push(identity);
      open = "";
      current = "";
    }
    return { text: "", reasoning: piece };
  };
  const addCall = (piece: ToolCallPiece): AnswerPiece => {
    write(`call ${piece.call} ${piece.name}`, piece.text);
    calls[piece.call] = { ...piece, text: (calls[piece.call]?.text ?? "") + piece.text };
    return { text: "", toolCall: piece };
  };
  return {
    add(piece) {
      written = "";
      if (piece.toolCall !== undefined) return addCall(piece.toolCall);
      if (piece.reasoning !== undefined) {
        if (itemsOf === undefined) return addText(piece.reasoning);
        return piece.reasoning.vendor === itemsOf ? addItem(piece.reasoning) : undefined;
      }
      if (piece.text === "") return undefined;
      write("text", piece.text);
      text += piece.text;
      return { text: piece.text };
    },
    goesOnLike(other) {
      const place = log.length - written.length;
      return other.log.startsWith(written.slice(0, Math.max(0, other.log.length - place)), place);
    },
    endAfter: (other, piece) => endOf(piece, log.length - other.log.length),
    get text() {
      return text;
    },
    get reasoning() {
      return reasoning;
    },
    items,
    calls,
    get open() {
      return open;
    },
    get log() {
      return log;
    },
  };
}

const placeIn = ({ id = "", part }: ReasoningPiece): string => `item ${id} ${part ? `${part.kind} ${part.index}` : ""}`;

/** A vendor's id is as good as all of an item, which it may write down twice in two ways. */
const identityOf = (data: Readonly<Record<string, unknown>>): string =>
  typeof data.id === "string" ? data.id : JSON.stringify(data);

/** @param length of what is new in a log; more than the piece where a mark was set before it. */
function endOf({ text, reasoning, toolCall }: AnswerPiece, length: number): AnswerPiece | undefined {
  if (length <= 0) return undefined;
  const last = (whole: string): string => whole.slice(Math.max(0, whole.length - length));
  if (toolCall !== undefined) return { text: "", toolCall: { ...toolCall, text: last(toolCall.text) } };
  if (reasoning === undefined) return { text: last(text) };
  return { text: "", reasoning: reasoning.data === undefined ? { ...reasoning, text: last(reasoning.text) } : reasoning };
}

/**
 * The call that was told last goes on first: what a model says after a call begins when the call is complete.
 * @returns what of the answer was not told yet; undefined when the answer does not begin with what was told.
 */
export function restOfAnswer(told: ToldAnswer, whole: WholeAnswer, itemsOf: string | undefined): AnswerPiece[] | undefined {
  const said = restOfWhatWasSaid(told, whole, itemsOf);
  const calls = restOfCalls(told.calls, whole.toolRequests ?? []);
  if (said === undefined || calls === undefined) return undefined;
  const isBegun = calls.map(({ toolCall }) => toolCall !== undefined && toolCall.call < told.calls.length);
  return [...calls.filter((_, at) => isBegun[at]), ...said, ...calls.filter((_, at) => !isBegun[at])];
}

function restOfWhatWasSaid(told: ToldAnswer, whole: WholeAnswer, itemsOf: string | undefined): AnswerPiece[] | undefined {
  const { answer, reasoning = "", reasoningItems = [] } = whole;
  if (!(answer ?? "").startsWith(told.text)) return undefined;
  if (itemsOf === undefined) {
    if (!reasoning.startsWith(told.reasoning)) return undefined;
    const left = reasoning.slice(told.reasoning.length);
    const thought = left === "" ? [] : [{ text: "", reasoning: { item: 0, text: left } }];
    return [...thought, ...restOfPieces(told, answerPieces({ answer }))];
  }
  const own = reasoningItems.filter(({ vendor }) => vendor === itemsOf);
  if (told.items.some((identity, at) => own[at] === undefined || identityOf(own[at].data) !== identity)) return undefined;
  const pieces = answerPieces({ answer, reasoningItems: own });
  return beginsWithOpen(told, pieces, itemsOf) ? restOfPieces(told, pieces) : undefined;
}

function restOfCalls(told: readonly ToolCallPiece[], requests: readonly ToolRequest[]): AnswerPiece[] | undefined {
  if (told.length > requests.length) return undefined;
  const rest: AnswerPiece[] = [];
  for (const [at, request] of requests.entries()) {
    const whole = wholeCall(request, at);
    const { name = whole.name, text = "" } = told[at] ?? {};
    if (name !== whole.name) return undefined;
    if (whole.text.startsWith(text)) {
      const isToldWhole = told[at] !== undefined && text === whole.text;
      if (!isToldWhole) rest.push({ text: "", toolCall: { ...whole, text: whole.text.slice(text.length) } });
    } else if (!isSameObject(text, whole.text)) return undefined;
  }
  return rest;
}

/** Fields that an object sorts, or has once, came as the model wrote them. */
function isSameObject(told: string, whole: string): boolean {
  try {
    return JSON.stringify(parseExactly(told)) === whole;
  } catch {
    return false;
  }
}

/** Whether the item that is being told begins with what was told of it. */
function beginsWithOpen({ open, items }: ToldAnswer, pieces: readonly AnswerPiece[], itemsOf: string): boolean {
  const again = createToldAnswer(itemsOf);
  for (const piece of pieces) if (piece.reasoning?.item === items.length) again.add(piece);
  return again.log.startsWith(open);
}

/** An item whose place has passed is left out: the vendor wants it before the text that it led to. */
function restOfPieces({ text, items, open }: ToldAnswer, pieces: readonly AnswerPiece[]): AnswerPiece[] {
  const rest: AnswerPiece[] = [];
  const again = createToldAnswer(pieces.find(({ reasoning }) => reasoning)?.reasoning?.vendor);
  let passed = 0;
  for (const piece of pieces) {
    const { reasoning } = piece;
    if (reasoning === undefined) {
      const left = piece.text.slice(Math.max(0, text.length - passed));
      passed += piece.text.length;
      if (left !== "") rest.push({ text: left });
    } else if (reasoning.item === items.length && open !== "") {
      again.add(piece);
      const left = endOf(piece, again.log.length - open.length);
      if (left !== undefined) rest.push(left);
    } else if (reasoning.item >= items.length && passed >= text.length) rest.push(piece);
  }
  return rest;
}
