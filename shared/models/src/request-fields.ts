// What becomes of each field of a vendor's request when NOCP is the server.
import { InvalidField } from "./server-api.ts";

/**
 * `translated`: NOCP has a field for it, so every vendor gets it. `passed`: it changes the answer and is sent to providers
 * with the same API; the others are not asked. `harmless`: sent to the same API, left out elsewhere. `edge`: meant for the
 * server, which is NOCP. `refused`: NOCP cannot honour it.
 */
export type FieldUse = "translated" | "passed" | "harmless" | "edge" | "refused";

export interface RequestField {
  readonly use: FieldUse;
  /** Values that say what is the case anyway; `null` always does. */
  readonly unless?: readonly unknown[];
  /** For people: what the use means for this field, where that is not obvious. */
  readonly note?: string;
}

export type FieldTable<Body> = Readonly<Record<keyof Body & string, RequestField>>;

const isSaid = (value: unknown, { unless = [] }: Partial<RequestField>): boolean =>
  value !== undefined &&
  value !== null &&
  !(Array.isArray(value) && value.length === 0) &&
  !unless.some((usual) => JSON.stringify(usual) === JSON.stringify(value));

/** @throws InvalidField for the first field that cannot be honoured. */
export function checkFields(body: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, RequestField>>): void {
  for (const [name, value] of Object.entries(body)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field?.use === "refused" && isSaid(value, field)) throw new InvalidField(name, field.note ?? "NOCP does not support it");
  }
}

/** Fields that exist in this API alone and change the answer. One that nobody knows may be of a compatible server: it counts. */
export const untranslatedFields = (
  body: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, RequestField>>,
): string[] =>
  Object.entries(body).flatMap(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return (field === undefined || field.use === "passed") && isSaid(value, field ?? {}) ? [name] : [];
  });

/** What NOCP has no field for: it is added to a request that NOCP writes. */
export const fieldsBesideTranslated = (
  body: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, RequestField>>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(body).filter(([name, value]) => {
      const use = Object.hasOwn(fields, name) ? fields[name]?.use : "passed";
      return value !== null && (use === "passed" || use === "harmless");
    }),
  );

/** The body without what was meant for the server. */
export const withoutEdgeFields = (
  body: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, RequestField>>,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !(Object.hasOwn(fields, name) && fields[name]?.use === "edge")));
