// A string, as it is.
import type { Format } from "../format.ts";

const text: Format = {
  name: "text",
  mediaType: "text/plain",
  render: (value) => (typeof value === "string" ? value : undefined),
  parse: (rendered) => rendered,
};

export default text;
