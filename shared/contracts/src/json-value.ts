// Any JSON value, checked without recursion: what a tool returned may be nested deeper than the stack.
import { z } from "zod";

export const jsonValueSchema = z.custom<z.infer<ReturnType<typeof z.json>>>(isJsonValue, "must be a JSON value");

function isJsonValue(root: unknown): boolean {
  const pending = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === "number" ? !Number.isFinite(value) : !["string", "boolean", "object"].includes(typeof value))
      return false;
    if (typeof value !== "object" || value === null) continue;
    for (const nested of Object.values(value)) pending.push(nested);
  }
  return true;
}
