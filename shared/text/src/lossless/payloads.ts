// Binary data in a text, such as an image in base64: no model reads it, so a reference stands for it.
//
//   #lossless payloads: each [payload REF, N characters] stands for binary data, which the archive has under REF
//   …the text with its references, written as any other
import { findPayloads } from "./find-payloads.ts";

const referencePattern = /\[payload ([a-z0-9]{10,64}), (\d+) characters\]/g;
const anyReference = /\[payload [a-z0-9]{10,64}, \d+ characters\]/;

export const payloadLegend = "each [payload REF, N characters] stands for binary data, which the archive has under REF";

/** @param payload the data as they stand in the text. @returns what they are found by: 10 to 64 small letters and digits. */
export type ReferTo = (payload: string) => string;

/** Whether something in a text would be taken for a reference. */
export const hasReference = (text: string): boolean => anyReference.test(text);

/** Writes references for the binary data in texts, and knows what they stand for. */
export interface PayloadReferences {
  readonly payloads: ReadonlyMap<string, string>;
  replaceIn(text: string): string;
}

export function createPayloadReferences(referTo: ReferTo): PayloadReferences {
  const payloads = new Map<string, string>();
  /** What comes many times is digested once. */
  const known = new Map<string, string>();
  return {
    payloads,
    replaceIn(text) {
      let written = "";
      let from = 0;
      for (const { start, end } of findPayloads(text)) {
        const payload = text.slice(start, end);
        const reference = known.get(payload) ?? referTo(payload);
        known.set(payload, reference);
        payloads.set(reference, payload);
        written += `${text.slice(from, start)}[payload ${reference}, ${payload.length} characters]`;
        from = end;
      }
      return from === 0 ? text : written + text.slice(from);
    },
  };
}

/** A text refers to binary data that was not given. */
export class MissingPayloads extends Error {
  /** What to fetch, each once, in the order of the text. */
  readonly references: readonly string[];

  constructor(references: readonly string[]) {
    super(
      `the text refers to binary data that was not given: ${references.slice(0, 5).join(", ")}${references.length > 5 ? ", …" : ""}`,
    );
    this.name = "MissingPayloads";
    this.references = references;
  }
}

/**
 * @param isJson whether the text is JSON, in whose strings the references stand.
 * @throws MissingPayloads where one is not there, or has another length than the text says.
 */
export function fillPayloads(text: string, payloads: ReadonlyMap<string, string>, isJson: boolean): string {
  const missing = new Set<string>();
  const filled = text.replace(referencePattern, (whole, reference: string, length: string) => {
    const payload = payloads.get(reference);
    if (payload?.length !== Number(length)) {
      missing.add(reference);
      return whole;
    }
    return isJson ? JSON.stringify(payload).slice(1, -1) : payload;
  });
  if (missing.size > 0) throw new MissingPayloads([...missing]);
  return filled;
}
