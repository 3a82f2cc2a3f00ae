// A list, one JSON value a line.
import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import type { Format } from "../format.ts";

const jsonl: Format = {
  name: "jsonl",
  mediaType: "application/jsonl",
  render: (value) =>
    Array.isArray(value) && value.length > 0 ? value.map((element) => JSON.stringify(element)).join("\n") : undefined,
  parse: (rendered) => rendered.split("\n").map(parseExactly),
};

export default jsonl;
