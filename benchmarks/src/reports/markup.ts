// HTML from a template in which every value is escaped unless it is markup itself.

export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | readonly Markup[];

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
/** A figure and its sign stay on one line. */
const escapeText = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => escapes[character]!).replace(/ (?=[%×](?:\W|$))/g, "\u00a0");

function textOf(value: Value): string {
  if (typeof value === "string") return escapeText(value);
  if (typeof value === "number") return String(value);
  return Array.isArray(value) ? value.map(({ markup }) => markup).join("") : (value as Markup).markup;
}

export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Markup => ({
  markup: parts.reduce((text, part, at) => text + textOf(values[at - 1] ?? "") + part),
});
