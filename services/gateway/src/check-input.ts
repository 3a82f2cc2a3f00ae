// What a call sent, as the schema that describes it wants it.
import { InvalidField } from "@nocp/models/server-api.ts";
import type { z } from "zod";

/** @param what names the whole of it, where no field is wrong. @throws InvalidField naming the first field that is wrong. */
export function checkInput<T>(schema: z.ZodType<T>, value: unknown, what = "body"): T {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  throw new InvalidField([...(issue?.path ?? []), ...unknown].join(".") || what, issue?.message ?? "is wrong");
}
