import type { ToolRound } from "@nocp/contracts/messages.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { describe, expect, it } from "vitest";
import { createOwnRounds, type KeptRounds } from "./own-rounds.ts";

const requestId = "0190a000-0000-7000-8000-00000000000A";
const call = (id: string, name: string) => ({ id, name, arguments: { of: name } });
const returned = (id: string, name: string, data: unknown) =>
  ({ id, name, status: "succeeded", data, bytes: 1, elapsedMs: 1, attempts: 1, cached: false }) as ToolRound["results"][number];
const first: ToolRound = {
  text: "Let me look.",
  requests: [call("a", "file.read")],
  results: [returned("a", "file.read", { lines: 3 })],
};
const shared: ToolRound = {
  text: "And now both.",
  requests: [call("a", "file.search")],
  results: [{ ...returned("a", "file.search", null), status: "failed", error: { code: "TOOL_FAILED", message: "no" } }],
  reasoning: [{ vendor: "anthropic", data: { signature: "s" } }],
  isShared: true,
};
const resultWith = (toolRounds: ToolRound[], toolRequests = [call("a", "weather"), call("b", "weather")]) =>
  ({ requestId, toolRounds, toolRequests }) as unknown as NocpResult;

function open() {
  const kept = new Map<string, KeptRounds>();
  const rounds = createOwnRounds({
    get: async (key) => kept.get(key),
    put: async (key, value) => void kept.set(key, value),
  });
  return { rounds, kept };
}

/** What the client of a result sends next. */
const nextTurn = ({ toolRequests = [] }: NocpResult) => [
  { role: "user" as const, text: "Rain?" },
  { role: "assistant" as const, text: "And now both.", toolRequests },
  ...toolRequests.map(({ id }) => ({ role: "tool" as const, text: "rain", toolRequestId: id })),
];

describe("rounds of NOCP's own tools", () => {
  it("leave a result alone that has none, or whose client has nothing to run", async () => {
    const { rounds, kept } = open();
    for (const result of [resultWith([]), resultWith([first], [])]) expect(await rounds.hide("t", result)).toBe(result);
    expect(kept.size).toBe(0);
  });

  it("give the client's calls ids that are unique, and that every vendor takes", async () => {
    const { rounds } = open();
    const { toolRequests = [] } = await rounds.hide("t", resultWith([first]));
    expect(toolRequests.map(({ name }) => name)).toEqual(["weather", "weather"]);
    expect(new Set(toolRequests.map(({ id }) => id)).size).toBe(2);
    for (const { id } of toolRequests) expect(id).toMatch(/^[a-zA-Z0-9_-]{1,40}$/);
  });

  it("come back before the client's calls, and beside them where the model asked for both at once", async () => {
    const { rounds } = open();
    const hidden = await rounds.hide("t", resultWith([first, shared]));
    const restored = await rounds.restore("t", nextTurn(hidden));
    expect(restored.map(({ role, text }) => [role, text])).toEqual([
      ["user", "Rain?"],
      ["assistant", "Let me look."],
      ["tool", '{"lines":3}'],
      ["assistant", "And now both."],
      ["tool", "failed: TOOL_FAILED: no"],
      ["tool", "rain"],
      ["tool", "rain"],
    ]);
    const both = restored[3]!;
    expect(both.toolRequests?.map(({ name }) => name)).toEqual(["file.search", "weather", "weather"]);
    expect(both.reasoning).toEqual(shared.reasoning);
    const asked = restored.flatMap(({ toolRequests = [] }) => toolRequests.map(({ id }) => id));
    expect(new Set(asked).size).toBe(4);
    expect(restored.flatMap(({ toolRequestId }) => toolRequestId ?? [])).toEqual(asked);
  });

  it("are another tenant's to nobody, and a conversation without them stays the same list", async () => {
    const { rounds } = open();
    const messages = nextTurn(await rounds.hide("t", resultWith([first])));
    expect(await rounds.restore("other", messages)).toBe(messages);
    const plain = nextTurn(resultWith([]));
    expect(await rounds.restore("t", plain)).toBe(plain);
  });
});
