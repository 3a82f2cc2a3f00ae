import { toToolOutput } from "@nocp/act/tool-output.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { wholeJson } from "./act-json.ts";

test("JSON data comes out as JSON.stringify and JSON.parse would give it", () => {
  fc.assert(
    fc.property(wholeJson, (value) => {
      const { data, bytes } = toToolOutput(value, 10_000_000);
      expect(JSON.stringify(data)).toBe(JSON.stringify(value));
      expect(bytes).toBe(Buffer.byteLength(JSON.stringify(value)));
    }),
  );
});

test("whatever a tool returns, it is either JSON within the limit or an error of the catalogue", () => {
  fc.assert(
    fc.property(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true, withNullPrototype: true }),
      fc.integer({ min: 0, max: 500 }),
      (value, maxBytes) => {
        try {
          const { data, bytes } = toToolOutput(value, maxBytes);
          expect(bytes).toBeLessThanOrEqual(maxBytes);
          // What is sent on is JSON: it has no negative zero.
          expect(JSON.stringify(JSON.parse(JSON.stringify(data)))).toBe(JSON.stringify(data));
        } catch (error) {
          if (!(error instanceof NocpError)) throw error;
          expect(["TOOL_OUTPUT_TOO_LARGE", "TOOL_FAILED"]).toContain(error.code);
        }
      },
    ),
  );
});
