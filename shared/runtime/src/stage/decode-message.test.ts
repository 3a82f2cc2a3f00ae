import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Fact } from "@nocp/contracts/topology.ts";
import { describe, expect, test } from "vitest";
import { factExamples } from "../../../../test/fixtures/fact-examples.ts";
import { malformedVariants } from "../../../../test/fixtures/malformed-variants.ts";
import { type Addressed, decodeBody } from "./decode-message.ts";

const requestId = "01890a5d-ac96-774b-bcce-b302099a8057";
const policy = { maxRequestBytes: 1_000_000, defaultTimeoutMs: 60_000 };
const addressOf = (fact: Fact): Addressed => ({
  ...{ fact, lane: "interactive", requestId, messageId: requestId },
  ...{ storedAt: 1, renewedDeadlineAt: undefined },
});
const decode = (fact: Fact, body: unknown) => decodeBody(Buffer.from(JSON.stringify(body)), addressOf(fact), policy);

describe.each(Object.entries(factExamples(requestId)))("%s", (name, example) => {
  const fact = name as Fact;

  test("is understood with everything in it", () => {
    expect(decode(fact, example).message).toMatchObject({ fact, body: { requestId, request: { query: example.request.query } } });
  });

  test("may have fields that this release does not know, at every level of the request", () => {
    const { request } = example;
    const newer = { ...example, newField: 1, request: { ...request, newField: 1, limits: { ...request.limits, newField: 1 } } };
    expect(decode(fact, newer).request.query).toBe(example.request.query);
  });

  test("is refused as a whole, and not at first use, when a part of it is of the wrong type", () => {
    // What may be anything: values of tools and schemas, which their own checks read.
    const free = /(^|\.)(data|arguments|parameters)(\.|:)|output\.schema/;
    const accepted: string[] = [];
    let refused = 0;
    for (const { title, value, isOtherType } of malformedVariants(example)) {
      try {
        decode(fact, value);
        if (isOtherType && !free.test(title)) accepted.push(title);
      } catch (error) {
        expect(error).toBeInstanceOf(NocpError);
        expect((error as NocpError).code).toBe("INVALID_MESSAGE");
        refused += 1;
      }
    }
    // A price may be unknown, and a cache's tier have a name.
    expect(accepted.filter((title) => !/usd: null$|cache\.tier: a text$/i.test(title))).toEqual([]);
    expect(refused).toBeGreaterThan(300);
  });

  test("of another request, or another lane, than its subject says is refused", () => {
    for (const change of [{ requestId: "01890a5d-ac96-774b-bcce-b302099a8058" }, { lane: "batch" }])
      expect(() => decode(fact, { ...example, ...change })).toThrow("the subject is not");
  });
});
