import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type Fact, factSubject } from "@nocp/contracts/topology.ts";
import { describe, expect, test } from "vitest";
import { factExamples } from "../../../../test/fixtures/fact-examples.ts";
import { malformedVariants } from "../../../../test/fixtures/malformed-variants.ts";
import { type Addressed, addressOf as addressOfMessage, decodeBody, decodeHandover } from "./decode-message.ts";
import type { Handover } from "./handover.ts";
import { messageIdHeader } from "./message-headers.ts";
import type { DeliveredMessage } from "./transport.ts";

const requestId = "01890a5d-ac96-774b-bcce-b302099a8057";
const policy = { maxRequestBytes: 1_000_000, defaultTimeoutMs: 60_000 };
const addressOf = (fact: Fact, tenant: string): Addressed => ({
  ...{ fact, tenant, lane: "interactive", requestId, messageId: requestId },
  ...{ storedAt: 1, renewedDeadlineAt: undefined },
});
const decode = (fact: Fact, body: unknown, tenant = "default") =>
  decodeBody(Buffer.from(JSON.stringify(body)), addressOf(fact, tenant), policy);

const delivered = (subject: string, messageId?: string) => ({
  ...{ subject, bodyBytes: 2, streamSequence: 1, deliveryCount: 1, storedAt: 1, body: () => new Uint8Array() },
  headers: messageId === undefined ? undefined : { get: (name: string) => (name === messageIdHeader ? messageId : "") },
});
const messageIdOf = (fact: Fact, messageId?: string) =>
  addressOfMessage(
    delivered(factSubject(fact, { tenant: "acme", lane: "batch", requestId }), messageId) as unknown as DeliveredMessage,
  ).messageId;

describe("the tenant of a message", () => {
  test("is the subject's where the body of a submission names none", () => {
    expect(decode("request.submitted", { query: "Why?" }, "acme").request.tenant).toBe("acme");
    expect(decode("request.submitted", { query: "Why?", tenant: "acme" }, "acme").request.tenant).toBe("acme");
  });

  test.each(["acme", "default"])("%s in the subject is not another in the body of a submission", (tenant) => {
    expect(() => decode("request.submitted", { query: "Why?", tenant: "other" }, tenant)).toThrow(
      new NocpError("INVALID_MESSAGE", `request.submitted: the body is of tenant other, the subject is of tenant ${tenant}`),
    );
  });

  test.each(Object.entries(factExamples(requestId)))("nor in %s", (fact, example) => {
    expect(() => decode(fact as Fact, example, "acme")).toThrow(
      new NocpError("INVALID_MESSAGE", `${fact}: the body is of tenant default, the subject is of tenant acme`),
    );
  });

  test("must be the name of one", () => {
    expect(() => decode("request.submitted", { query: "Why?" }, "a$b")).toThrow(/tenant/);
    expect(() => decode("request.submitted", { query: "Why?", tenant: "acme" }, "a$b")).toThrow(/tenant/);
  });
});

describe("the request id of a submission", () => {
  const other = "01890a5d-ac96-774b-bcce-b302099a8058";

  test("is the subject's, which its body may repeat", () => {
    expect(decode("request.submitted", { query: "Why?" }).requestId).toBe(requestId);
    expect(decode("request.submitted", { query: "Why?", requestId }).requestId).toBe(requestId);
  });

  test("is not another in the body", () => {
    expect(() => decode("request.submitted", { query: "Why?", requestId: other })).toThrow(
      new NocpError("INVALID_REQUEST", `requestId: ${other} differs from the subject's ${requestId}`),
    );
  });

  test("must be a UUID", () => {
    const address = { ...addressOf("request.submitted", "default"), requestId: "7" };
    expect(() => decodeBody(Buffer.from('{"query":"Why?"}'), address, policy)).toThrow(/requestId: the subject ends in 7/);
  });
});

test("what another stage hands over in memory is checked against its address, too", () => {
  for (const [fact, content] of Object.entries(factExamples(requestId))) {
    const handover = { content } as unknown as Handover;
    expect(decodeHandover(handover, addressOf(fact as Fact, "default"), policy).requestId).toBe(requestId);
    expect(() => decodeHandover(handover, addressOf(fact as Fact, "acme"), policy)).toThrow("the body is of tenant default");
    const of = { ...addressOf(fact as Fact, "default"), requestId: "01890a5d-ac96-774b-bcce-b302099a8058" };
    expect(() => decodeHandover(handover, of, policy)).toThrow("the subject is not");
  }
});

describe("the id that emissions derive from", () => {
  test("is a submission's tenant and request id, whatever header its caller sent", () => {
    for (const header of [undefined, requestId, "other.1>act.0", `other.${requestId}`])
      expect(messageIdOf("request.submitted", header)).toBe(`acme.${requestId}`);
  });

  test("keeps the mark of a redrive", () => {
    expect(messageIdOf("request.submitted", `acme.${requestId}~r2`)).toBe(`acme.${requestId}~r2`);
  });

  test("is the header of a stage's message", () => {
    expect(messageIdOf("tools.completed", `acme.${requestId}>act.0`)).toBe(`acme.${requestId}>act.0`);
  });
});

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
    const refused: unknown[] = [];
    for (const { title, value, isOtherType } of malformedVariants(example)) {
      try {
        decode(fact, value);
        if (isOtherType && !free.test(title)) accepted.push(title);
      } catch (error) {
        refused.push(error);
      }
    }
    // A price may be unknown, and a cache's tier have a name.
    expect(accepted.filter((title) => !/usd: null$|cache\.tier: a text$/i.test(title))).toEqual([]);
    expect(refused.filter((error) => !(error instanceof NocpError && error.code === "INVALID_MESSAGE"))).toEqual([]);
    expect(refused.length).toBeGreaterThan(300);
  });

  test("of another request, or another lane, than its subject says is refused", () => {
    for (const change of [{ requestId: "01890a5d-ac96-774b-bcce-b302099a8058" }, { lane: "batch" }])
      expect(() => decode(fact, { ...example, ...change })).toThrow("the subject is not");
  });
});
