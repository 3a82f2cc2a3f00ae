import { completionReceivedSchema, toolsCompletedSchema } from "@nocp/contracts/messages.ts";
import { type NocpRequestInput, requestSchema } from "@nocp/contracts/request.ts";
import { factSubject, facts, lanes, parseFactSubject } from "@nocp/contracts/topology.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const token = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,20}$/);
const requests: fc.Arbitrary<NocpRequestInput> = fc.record(
  {
    query: fc.string({ minLength: 1 }),
    messages: fc.array(fc.record({ role: fc.constantFrom("system", "user", "assistant", "tool"), text: fc.string() }), {
      maxLength: 5,
    }),
    documents: fc.array(fc.record({ title: fc.string({ maxLength: 50 }), text: fc.string() }), { maxLength: 5 }),
    tools: fc.array(fc.record({ name: token, arguments: fc.dictionary(token, fc.jsonValue() as fc.Arbitrary<unknown>) }), {
      maxLength: 3,
    }),
    session: fc.record({ id: token }),
    lane: fc.constantFrom(...lanes),
    stream: fc.boolean(),
    metadata: fc.dictionary(token, fc.string({ maxLength: 50 })),
    limits: fc.record({ timeoutMs: fc.integer({ min: 1, max: 86_400_000 }) }),
  },
  { requiredKeys: ["query"] },
) as fc.Arbitrary<NocpRequestInput>;

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("contracts", () => {
  test("a request survives being parsed, written and parsed again", () => {
    fc.assert(
      fc.property(requests, (input) => {
        const parsed = requestSchema.parse(throughJson(input));
        expect(requestSchema.parse(throughJson(parsed))).toEqual(parsed);
      }),
    );
  });

  test("a request with a field too many is refused, and the message names it", () => {
    fc.assert(
      fc.property(requests, fc.stringMatching(/^x[a-z]{3,8}$/), (input, name) => {
        const outcome = requestSchema.safeParse({ ...input, [name]: 1 });
        expect(outcome.success).toBe(false);
        expect(JSON.stringify(outcome.error?.issues)).toContain(name);
      }),
    );
  });

  test("a message between stages keeps the request, and a newer sender's fields do no harm", () => {
    fc.assert(
      fc.property(requests, (input) => {
        const request = requestSchema.parse(throughJson(input));
        const message = { requestId: "r", lane: "batch", submittedAt: 1, deadlineAt: 2, request, somethingNew: true };
        expect(toolsCompletedSchema.parse(throughJson(message)).request).toEqual(throughJson(request));
      }),
    );
  });

  test("a completion without its required parts is refused", () => {
    expect(completionReceivedSchema.safeParse({ requestId: "r" }).success).toBe(false);
  });

  test("a fact's subject can be taken apart again", () => {
    fc.assert(
      fc.property(fc.constantFrom(...facts), fc.constantFrom(...lanes), token, token, (fact, lane, tenant, requestId) => {
        const address = { tenant, lane, requestId };
        expect(parseFactSubject(factSubject(fact, address))).toEqual({ fact, ...address });
      }),
    );
  });
});
