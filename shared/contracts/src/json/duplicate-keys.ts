// Keys that an object of a JSON text has twice: parsing keeps the last value alone and says nothing.

interface Level {
  /** Undefined for a list. */
  readonly keys: Set<string> | undefined;
  /** Whether the next string is a key. */
  expectsKey: boolean;
}

/**
 * The same text with the second `name` of an object called `name (2)`, so that parsing loses no value.
 * @param source valid JSON.
 * @returns the text itself where no key comes twice. Linear.
 */
export function withDistinctKeys(source: string): string {
  const levels: Level[] = [];
  let written = "";
  let from = 0;
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at);
    const level = levels.at(-1);
    if (code === 34) {
      const end = endOfString(source, at);
      if (level?.keys !== undefined && level.expectsKey) {
        const key = JSON.parse(source.slice(at, end)) as string;
        if (level.keys.has(key)) {
          const distinct = distinctName(key, level.keys);
          written += source.slice(from, at) + JSON.stringify(distinct);
          from = end;
          level.keys.add(distinct);
        } else level.keys.add(key);
        level.expectsKey = false;
      }
      at = end - 1;
    } else if (code === 123) levels.push({ keys: new Set(), expectsKey: true });
    else if (code === 91) levels.push({ keys: undefined, expectsKey: false });
    else if (code === 125 || code === 93) levels.pop();
    else if (code === 44 && level?.keys !== undefined) level.expectsKey = true;
  }
  return from === 0 ? source : written + source.slice(from);
}

/** The offset behind the closing quote. */
function endOfString(source: string, start: number): number {
  for (let at = start + 1; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === 92) at++;
    else if (code === 34) return at + 1;
  }
  return source.length;
}

/** Counted on from the name's last number, since one key may come a hundred thousand times. */
function distinctName(key: string, keys: ReadonlySet<string>): string {
  let low = 2;
  let high = 2;
  while (keys.has(`${key} (${high})`)) {
    low = high;
    high *= 2;
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (keys.has(`${key} (${middle})`)) low = middle + 1;
    else high = middle;
  }
  return `${key} (${high})`;
}
