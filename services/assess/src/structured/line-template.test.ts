import fc from "fast-check";
import { expect, test } from "vitest";
import { readTemplate } from "./line-template.ts";

/** What the pass over a line is to find. */
const variable =
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,}\b|\b(?=[a-f]*\d)[0-9a-f]{6,}\b|\b[A-Za-z]+\d+[A-Za-z]\w*|\d[^\s/,;=()[\]{}"'<>|]*/gi;

test("times, identifiers, hashes and numbers vary", () => {
  const line =
    "2026-06-01T00:00:01.297Z INFO id=75959c6c7572 user=u12b_3 trace 123e4567-e89b-12d3-a456-426614174000 took=56ms v2 (3/4) café7";
  expect(readTemplate(line)).toEqual({
    template: "# INFO id=# user=# trace # took=# v# (#/#) café#",
    variables: [
      "2026-06-01T00:00:01.297Z",
      "75959c6c7572",
      "u12b_3",
      "123e4567-e89b-12d3-a456-426614174000",
      "56ms",
      "2",
      "3",
      "4",
      "7",
    ],
  });
});

test("a line finds what the expression finds", () => {
  const pieces = fc.constantFrom(
    ..."0 7 12 345 a f g Z abc deadbeef 0badcafe c0ffee12 _ - -- . : / = ( ] | ' é ſ \u00a0 \u3000 e89b 123e4567-e89b-12d3-a456-426614174000 123e4567-e89b-12d3-".split(
      " ",
    ),
    " ",
  );
  const line = fc.array(pieces, { maxLength: 24 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(line, (own) => {
      expect(readTemplate(own)).toEqual({ template: own.replace(variable, "#"), variables: own.match(variable) ?? [] });
    }),
    { numRuns: 2000 },
  );
});

test("what stands behind the first 2,000 characters is not looked at", () => {
  const { template, variables } = readTemplate(`${"x ".repeat(1000)}17`);
  expect(template).toHaveLength(2000);
  expect(variables).toEqual([]);
});
