// The JSON in an answer: alone, in a code fence, or with prose around it.

export interface AnswerJson {
  readonly value: unknown;
  /** The value as the model wrote it. */
  readonly source: string;
}

const fence = "```";
/** Brackets tried as the beginning of a value; each may cost a look at the whole answer. */
const maxBeginnings = 16;

/** The whole answer as JSON, fenced or not; `undefined` when it is anything else. */
export function wholeJsonOf(text: string): AnswerJson | undefined {
  const trimmed = text.trim();
  const fenced = trimmed.startsWith(fence) ? fencedParts(trimmed) : [];
  const [only] = fenced;
  const isWhole = fenced.length === 1 && only !== undefined && trimmed.endsWith(fence);
  return parsed(isWhole ? only : trimmed);
}

/** Every JSON value that an answer may mean: the whole of it, else those in fences, else objects and lists in prose. */
export function jsonCandidates(text: string): AnswerJson[] {
  const whole = wholeJsonOf(text);
  if (whole) return [whole];
  const fenced = fencedParts(text)
    .map(parsed)
    .filter((part) => part !== undefined);
  return fenced.length > 0 ? fenced : embeddedParts(text);
}

/** How a JSON text may begin. Most answers are prose, and a parser's error costs more than all else that is done to one. */
const beginsLikeJson = /^[[{"\-\dtfn]/;

function parsed(source: string): AnswerJson | undefined {
  const trimmed = source.trim();
  if (!beginsLikeJson.test(trimmed)) return undefined;
  try {
    return { value: JSON.parse(trimmed), source: trimmed };
  } catch {
    return undefined;
  }
}

/** What stands between fences, without the line that names the language. */
function fencedParts(text: string): string[] {
  const parts: string[] = [];
  let open = text.indexOf(fence);
  while (open !== -1) {
    const lineEnd = text.indexOf("\n", open);
    const close = lineEnd === -1 ? -1 : text.indexOf(fence, lineEnd);
    if (close === -1) break;
    parts.push(text.slice(lineEnd + 1, close));
    open = text.indexOf(fence, close + fence.length);
  }
  return parts;
}

function embeddedParts(text: string): AnswerJson[] {
  const found: AnswerJson[] = [];
  let from = 0;
  for (let tries = 0; tries < maxBeginnings; tries++) {
    const offset = text.slice(from).search(/[[{]/);
    if (offset === -1) break;
    const start = from + offset;
    const end = balancedEnd(text, start);
    const part = end === undefined ? undefined : parsed(text.slice(start, end));
    if (part) found.push(part);
    from = part && end !== undefined ? end : start + 1;
  }
  return found;
}

/** Behind the bracket that closes the one at `start`, brackets inside strings apart. */
function balancedEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) return at + 1;
  }
  return undefined;
}
