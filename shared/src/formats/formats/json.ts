// Compact JSON: holds every value, and is what the others are measured against.
import { parseExactly } from "../../json/exact-numbers.ts";
import { writeJson } from "../../json/write-json.ts";
import type { Format } from "../format.ts";

const json: Format = {
  name: "json",
  mediaType: "application/json",
  render: writeJson,
  parse: parseExactly,
};

export default json;
