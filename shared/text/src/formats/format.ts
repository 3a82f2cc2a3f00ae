// The contract of an output format: a value as text, and the text back as the value.
import { type OutputFormat, outputFormats } from "@nocp/contracts/request.ts";

/** Values are JSON values. A format holds what `parse(render(value))` gives back with every type intact. */
export interface Format {
  /** Equals the file's name. */
  readonly name: OutputFormat;
  readonly mediaType: string;
  /** The value in this format; `undefined` when it cannot hold it. Cheap to refuse: looks before it writes. */
  render(value: unknown): string | undefined;
  /** @throws SyntaxError when the text is not in this format. */
  parse(text: string): unknown;
}

export const isFormat = (value: unknown): value is Format =>
  typeof value === "object" &&
  value !== null &&
  "name" in value &&
  (outputFormats as readonly unknown[]).includes(value.name) &&
  "mediaType" in value &&
  typeof value.mediaType === "string" &&
  ["render", "parse"].every((key) => typeof (value as Record<string, unknown>)[key] === "function");
