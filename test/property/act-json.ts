// JSON values that a copy keeps as they are: -0 and the name __proto__ left out.
import fc from "fast-check";

const hasProto = (value: unknown): boolean => JSON.stringify(value).includes("__proto__");

export const wholeJson = fc.jsonValue().filter((value) => !hasProto(value));
