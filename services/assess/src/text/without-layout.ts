// A text without what its layout alone decides: two that are equal so say the same, word for word and figure for figure.

/** Blanks other than one between words, dashes, typographic quotation marks, and the minus sign. */
const layout = /\s{2,}|[^\S ]|[\u2010-\u2015\u2018-\u201f\u2212]/g;

/**
 * Where a line is wrapped, a doubled blank, and the forms of blanks, dashes and quotation marks do not count. Everything else
 * does: a comma can turn a sentence round, case tells names from words, blanks are columns of tables and the indentation of programs.
 */
export const withoutLayout = (text: string): string => text.replace(layout, plainForm);

function plainForm(run: string): string {
  const code = run.charCodeAt(0);
  if (code >= 0x201c && code <= 0x201f) return '"';
  if (code >= 0x2018 && code <= 0x201b) return "'";
  if (code === 0x2212 || (code >= 0x2010 && code <= 0x2015)) return "-";
  const lineEnd = run.lastIndexOf("\n");
  if (lineEnd !== -1) return lineEnd === run.length - 1 ? " " : run.slice(lineEnd);
  return run.length > 2 || run.includes("\t") ? run : " ";
}
