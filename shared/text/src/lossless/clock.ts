// Times at a fixed distance: `2024-05-01T10:00:00Z`, a minute later, and so on. Written in UTC; only the digits count.

const pattern = /^(\d{4}-\d\d-\d\d)(?:([T ])(\d\d:\d\d:\d\d)(\.\d{3})?(Z?))?$/;

/** A time as ISO 8601 writes it, with or without time of day, milliseconds and `Z`. */
export const timePattern = String.raw`\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d{3})?Z?)?`;

export interface Clock {
  readonly start: string;
  readonly stepSeconds: number;
}

const millisecondsOf = (text: string): number | undefined => {
  const [, day, , time = "00:00:00", fraction = ".000"] = pattern.exec(text) ?? [];
  const milliseconds = Date.parse(`${day}T${time}${fraction}Z`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
};

/** The time of a row, written as the first one is. @throws SyntaxError */
export function timeOf({ start, stepSeconds }: Clock, row: number): string {
  const first = millisecondsOf(start);
  if (first === undefined) throw new SyntaxError(`not a time: ${start.slice(0, 40)}`);
  const [, , separator, , fraction, zone] = pattern.exec(start) as RegExpExecArray;
  const written = new Date(first + Math.round(row * stepSeconds * 1000)).toISOString();
  const time =
    separator === undefined
      ? ""
      : `${separator}${written.slice(11, 19)}${fraction === undefined ? "" : written.slice(19, 23)}${zone}`;
  return written.slice(0, 10) + time;
}

/** The clock that gives these times; undefined where none does. */
export function clockOf(texts: readonly string[]): Clock | undefined {
  const [first, second] = [millisecondsOf(texts[0] ?? ""), millisecondsOf(texts[1] ?? "")];
  if (first === undefined || second === undefined || texts.length < 3) return undefined;
  const clock = { start: texts[0] as string, stepSeconds: (second - first) / 1000 };
  // Years beyond four digits and days that no month has are refused by writing them again.
  return texts.every((text, row) => timeIs(clock, row, text)) ? clock : undefined;
}

function timeIs(clock: Clock, row: number, text: string): boolean {
  try {
    return timeOf(clock, row) === text;
  } catch {
    return false;
  }
}
