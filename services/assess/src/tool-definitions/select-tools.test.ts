import type { PromptMessage } from "@nocp/contracts/prompt.ts";
import { loadToolName } from "@nocp/contracts/tool-loading.ts";
import { describe, expect, test } from "vitest";
import { selectTools } from "./select-tools.ts";

const verbs = ["create", "list", "delete"];
const things = [
  "invoice",
  "customer",
  "shipment",
  "warehouse",
  "coupon",
  "webhook",
  "tax rate",
  "gift card",
  "supplier",
  "return label",
];
const tools = things.flatMap((thing) =>
  verbs.map((verb) => ({
    name: `${verb}_${thing.replace(" ", "_")}`,
    description: `${verb[0]?.toUpperCase()}${verb.slice(1)} a ${thing} of the shop`,
    parameters: { type: "object", properties: { [`${thing} id`]: { type: "string" } } },
  })),
);
type Said = Pick<PromptMessage, "role" | "text" | "toolRequests">;
const asked = (text: string): Said => ({ role: "user", text });
const answered = (text: string, ...calls: [name: string, given?: Record<string, unknown>][]): Said => ({
  ...{ role: "assistant", text },
  toolRequests: calls.map(([name, given = {}], at) => ({ id: String(at), name, arguments: given })),
});
const namesOf = (...said: Said[]) => selectTools(tools, said).offered.map(({ name }) => name);

const first = asked("Create an invoice for the new customer");

describe("the tools that a conversation is offered", () => {
  test("are those that its question is about, and the others are held back", () => {
    const { offered, held } = selectTools(tools, [first]);
    expect(offered.map(({ name }) => name)).toEqual(expect.arrayContaining(["create_invoice", "create_customer"]));
    expect(offered.length).toBeLessThan(tools.length / 2);
    expect(new Set([...offered, ...held])).toEqual(new Set(tools));
  });

  test("are all of a few", () => {
    expect(selectTools(tools.slice(0, 12), [first])).toEqual({ offered: tools.slice(0, 12), held: [] });
  });

  test.each([
    "Bitte lege eine neue Rechnung für den Kunden an",
    "Was haben wir gestern eigentlich verkauft?",
    "Make it so",
    "Jacqueline wants her money back for the blue trousers",
    "请为新客户开一张发票",
    "",
  ])("are all where the question does not tell which it needs: %s", (question) => {
    expect(selectTools(tools, [asked(question)])).toEqual({ offered: tools, held: [] });
  });

  test("stay where they are in later turns, and what those need comes after them", () => {
    const before = namesOf(first);
    expect(before).not.toContain("delete_webhook");
    const after = namesOf(first, answered("Done."), asked("Now delete the webhook of the warehouse"));
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after).toContain("delete_webhook");
    expect(new Set(after).size).toBe(after.length);
  });

  test("grow by what a short question refers to in the answer before it, and by nothing where it refers to nothing", () => {
    const before = namesOf(first);
    expect(namesOf(first, answered("Shall I delete the webhook of the warehouse?"), asked("yes"))).toContain("delete_webhook");
    expect(namesOf(first, answered("Anything else?"), asked("thanks"))).toEqual(before);
  });

  test("hold whatever was called or asked for, in that order", () => {
    const before = namesOf(first);
    const call = answered("", [loadToolName, { names: ["list_coupon", "nowhere"] }], ["delete_gift_card"]);
    expect(namesOf(first, call)).toEqual([...before, "list_coupon", "delete_gift_card"]);
    const [one, two] = [selectTools(tools, [first]), selectTools(tools, [first, call])];
    expect(two.held).toEqual(one.held);
  });

  test("take a long conversation little time: each of its words is looked up once", () => {
    const turns = Array.from({ length: 300 }, (_, at) => [asked(`List customer ${at} of the shop`), answered("Done.")]).flat();
    expect(namesOf(first, ...turns).slice(0, namesOf(first).length)).toEqual(namesOf(first));
  });
});
