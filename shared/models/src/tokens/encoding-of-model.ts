// The encoding that counts a model, as its vendor's folder says.
import { remembered } from "@nocp/contracts/remembered.ts";
import { vendors } from "../vendor-table.ts";
import { calibrated, type ModelEncoding } from "./model-encoding.ts";

/** Nobody's model that is known: it starts like OpenAI's current ones, and learns. */
const unknown = calibrated(1);

/** Of models that requests name. */
const mostModels = 1_000;

/** @param model as in a route: its name counts without its provider's (`openai/gpt-4o`) and a fine-tune's prefix. */
export const encodingOfModel = remembered((model: string): ModelEncoding => {
  const name = model.toLowerCase().replace(/^.*\//, "").replace(/^ft:/, "");
  for (const { encodings } of vendors) {
    const found = encodings.find(([pattern]) => pattern.test(name));
    if (found) return found[1];
  }
  return unknown;
}, mostModels);
