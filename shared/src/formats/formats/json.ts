// Compact JSON: holds every value, and is what the others are measured against.
import type { Format } from "../format.ts";

const json: Format = {
  name: "json",
  mediaType: "application/json",
  render: (value) => JSON.stringify(value),
  parse: (rendered) => JSON.parse(rendered),
};

export default json;
