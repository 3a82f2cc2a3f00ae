// Compact JSON: holds every value, and is what the others are measured against.
import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import type { Format } from "../format.ts";

const json: Format = {
  name: "json",
  mediaType: "application/json",
  render: writeJson,
  parse: parseExactly,
};

export default json;
