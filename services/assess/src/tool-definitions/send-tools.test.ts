// What a prompt says of its tools, and what is reported of that.
import { toolsCompletedSchema } from "@nocp/contracts/messages.ts";
import { type NocpRequestInput, requestSchema } from "@nocp/contracts/request.ts";
import { loadTool, loadToolName } from "@nocp/contracts/tool-loading.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { describe, expect, test } from "vitest";
import { createToolSender } from "./send-tools.ts";

const counter = createTokenCounter("gpt-4o");
const callerTools = Array.from({ length: 30 }, (_, at) => ({
  name: `${["create", "list", "delete"][at % 3]}_${"invoice customer shipment warehouse coupon webhook tax gift supplier label".split(" ")[Math.floor(at / 3)]}`,
  description: "  Works on what its name says.  It is very easy to use. ",
  parameters: {
    type: "object",
    properties: { order_id: { type: "string", title: "Order Id", description: "Its order, as a number" } },
  },
}));
const sender = createToolSender(4);
const query = "List the customers with an open invoice";
const send = (request: Partial<NocpRequestInput>, more: Record<string, unknown> = {}) => {
  const message = toolsCompletedSchema.parse({
    ...{ requestId: "r", lane: "batch", submittedAt: 0, deadlineAt: 1, offeredTools: [loadTool()] },
    request: requestSchema.parse({ query, callerTools, ...request }),
    ...more,
  });
  return sender.send({ message, conversation: [{ role: "user", text: query }], counter });
};
const selected = { compression: { toolDefinitions: "selected" } } as const;

describe("the tools of a prompt", () => {
  test.each<[string, Partial<NocpRequestInput>]>([
    ["nobody asks for anything else", {}],
    ["nothing is to be compressed", { compression: { mode: "off", toolDefinitions: "short" } }],
    [
      "the vendor's own request has some of its kind",
      { ...selected, native: { api: "anthropic-messages", body: { tools: [] }, whole: false, untranslated: [] } },
    ],
  ])("are as they came where %s", (_, request) => {
    expect(send(request)).toEqual({ tools: callerTools, whole: callerTools, removals: [] });
  });

  test("are compact or short where that is asked for, whatever the question", () => {
    const [compact, short] = [
      send({ compression: { toolDefinitions: "compact" } }),
      send({ compression: { toolDefinitions: "short" } }),
    ];
    expect(compact.tools.map(({ name }) => name)).toEqual(callerTools.map(({ name }) => name));
    expect(short.tools[0]?.description).toBe("Works on what its name says.");
    expect(compact.report).toMatchObject({ strategy: "tool-definitions", before: compact.report?.before });
    expect(short.report?.after).toBeLessThan(compact.report?.after ?? 0);
    expect(compact.report?.after).toBeLessThan(compact.report?.before ?? 0);
  });

  test("are written once for the prompt, the vendor's own request and later requests", () => {
    const rewriteOf = (toolDefinitions: "compact" | "short") =>
      createdSender.rewriteFor(requestSchema.parse({ query, callerTools, compression: { toolDefinitions } }));
    const createdSender = createToolSender(4);
    const [one, other] = [{ ...callerTools[0]!, cache: undefined }, structuredClone(callerTools[0]!)];
    const first = rewriteOf("compact")?.(one);
    expect(first).toHaveProperty("cache");
    expect(rewriteOf("compact")?.(other).parameters).toBe(first?.parameters);
    expect(rewriteOf("short")?.(other).parameters).not.toBe(first?.parameters);
    const changed = { ...other, parameters: { ...other.parameters, required: ["order_id"] } };
    expect(rewriteOf("compact")?.(changed).parameters).toMatchObject({ required: ["order_id"] });
  });

  test("are those that the question may need, behind the one that brings the others by name", () => {
    const { tools, removals, report } = send(selected);
    const names = tools.map(({ name }) => name);
    expect(names[0]).toBe(loadToolName);
    expect(names).toContain("list_customer");
    expect(names).not.toContain("delete_webhook");
    expect(tools[0]?.description).toContain("delete_webhook");
    expect(removals.map(({ itemId }) => itemId)).toContain("delete_webhook");
    expect(names.length - 1 + removals.length).toBe(callerTools.length);
    expect(report?.justification).toContain(`${names.length - 1} of 30 tools are offered, and tools.load brings the others`);
  });

  test.each<[string, Partial<NocpRequestInput>, Record<string, unknown>]>([
    ["the model must call one", { ...selected, toolChoice: "required" }, {}],
    ["the model must call a certain one", { ...selected, toolChoice: { name: "delete_webhook" } }, {}],
    ["it cannot ask once more", selected, { step: 4 }],
    ["nothing brings back what is held back", selected, { offeredTools: [] }],
  ])("are all there where %s", (_, request, more) => {
    expect(send(request, more).tools.map(({ name }) => name)).toEqual(callerTools.map(({ name }) => name));
  });

  test("are as they came where there is too much of them to be read", () => {
    const [first, ...others] = callerTools;
    const large = { ...first!, description: "long ".repeat(60_000) };
    expect(send({ ...selected, callerTools: [large, ...others] }).report).toBeUndefined();
  });

  test("have the caller's mark for the vendor's cache at the end of those that stay", () => {
    const marked = callerTools.map((tool, at) => (at === 29 ? { ...tool, cache: { ttl: "1h" as const } } : tool));
    const { tools } = send({ ...selected, callerTools: marked });
    expect(tools.map(({ cache }) => cache?.ttl)).toEqual([...Array(tools.length - 1).fill(undefined), "1h"]);
  });
});
