// The rounds of tools that llm-router and act make together, one handing over to the other.
import { createHandler as createActHandler } from "@nocp/act/handle.ts";
import {
  completionReceivedSchema,
  contextOptimizedSchema,
  type FactBody,
  toolsCompletedSchema,
  toolsRequestedSchema,
} from "@nocp/contracts/messages.ts";
import { requestSchema } from "@nocp/contracts/request.ts";
import { createTestContext } from "@nocp/runtime/testing/handler-context.ts";
import { expect, test } from "vitest";
import { createTestTools, emptyArchive, testTool } from "../fixtures/act-test-tool.ts";
import { fakeContext, promptOf, requestId, scriptedProvider } from "../fixtures/llm-router-fixtures.ts";
import { completionIn, routerOf } from "../fixtures/llm-router-handler.ts";

const look = testTool("look", () => "still nothing");
const act = createActHandler({
  ...createTestTools([look]),
  archive: emptyArchive,
  maxCallsPerRound: 32,
  acceptKeys: false,
  keySecret: "secret",
});

/** What assess makes of the tools' results, without compressing anything. */
const optimized = ({ toolResults, toolRounds, offeredTools, ...carried }: FactBody<"tools.completed">) =>
  contextOptimizedSchema.parse({
    ...carried,
    prompt: promptOf("Where is it?", { tools: offeredTools }),
    inputTokens: { raw: 100, optimized: 100 },
    source: { toolResults, toolRounds, offeredTools },
  });

test.each([0, 1, 4])(
  "router.maxToolRounds: %i allows as many rounds, and then the model answers without tools",
  async (rounds) => {
    const asking = { text: "", finishReason: "tool-calls" as const, toolRequests: [{ id: "c1", name: "look", arguments: {} }] };
    const script = [...Array.from({ length: rounds }, () => asking), { text: "I do not know." }];
    const provider = scriptedProvider("first", script);
    const { handle: router } = routerOf([provider], { maxToolRounds: rounds });
    const request = requestSchema.parse({ query: "Where is it?", offerTools: ["look"] });
    let [done] = await act({ fact: "request.submitted", body: request }, createTestContext({ requestId }));
    for (let round = 0; ; round++) {
      const completed = toolsCompletedSchema.parse(done?.body);
      expect(completed.toolRounds).toHaveLength(round);
      const emissions = await router({ fact: "context.optimized", body: optimized(completed) }, fakeContext());
      if (round === rounds) {
        const { completion, warnings } = completionIn(emissions);
        expect([completion.text, warnings]).toEqual(["I do not know.", []]);
        expect(provider.calls.map(({ toolChoice }) => toolChoice)).toEqual([...Array(rounds).fill("auto"), "none"]);
        return;
      }
      const body = toolsRequestedSchema.parse(emissions[0]?.body);
      [done] = await act({ fact: "tools.requested", body }, createTestContext({ requestId }));
    }
  },
);

const weather = { id: "c2", name: "weather", arguments: { city: "Oslo" } };
const callerTools = [{ name: "weather", description: "The weather.", parameters: {} }];

/** A model that asks for a tool of NOCP and for one of the caller at once, after some rounds of NOCP's alone. */
async function askForBoth(roundsBefore: number, maxToolRounds: number) {
  const own = (id: string) => ({ id, name: "look", arguments: {} });
  const script = [
    ...Array.from({ length: roundsBefore }, () => ({ text: "", finishReason: "tool-calls" as const, toolRequests: [own("c1")] })),
    { text: "Both.", finishReason: "tool-calls" as const, toolRequests: [own("c1"), weather] },
  ];
  const provider = scriptedProvider("first", script);
  const { handle: router } = routerOf([provider], { maxToolRounds });
  const request = requestSchema.parse({ query: "Rain?", offerTools: ["look"], callerTools, stream: true });
  const context = createTestContext({ requestId });
  let [done] = await act({ fact: "request.submitted", body: request }, context);
  const deltas: boolean[] = [];
  for (;;) {
    const body = optimized(toolsCompletedSchema.parse(done?.body));
    const [emission] = await router(
      { fact: "context.optimized", body },
      { ...fakeContext(), delta: (_text: string, isLast?: boolean) => void deltas.push(isLast ?? false) },
    );
    if (emission?.fact !== "tools.requested") return { emission, deltas, calls: provider.calls.length };
    [done] = await act({ fact: "tools.requested", body: toolsRequestedSchema.parse(emission.body) }, context);
    if (done?.fact === "completion.received") return { emission: done, deltas, calls: provider.calls.length };
  }
}

test.each([0, 2])(
  "calls of both kinds at once: NOCP's run, and the caller's end the request, after %i rounds",
  async (before) => {
    const { emission, deltas, calls } = await askForBoth(before, 4);
    const { completion, toolRounds = [], toolSummaries, warnings } = completionReceivedSchema.parse(emission?.body);
    expect(completion).toMatchObject({ text: "Both.", toolRequests: [weather] });
    expect(toolRounds.map(({ isShared = false }) => isShared)).toEqual([...Array(before).fill(false), true]);
    expect(toolRounds.at(-1)).toMatchObject({
      text: "Both.",
      requests: [{ name: "look" }],
      results: [{ data: "still nothing" }],
    });
    expect(toolSummaries.at(-1)).toMatchObject({ name: "look", status: "succeeded" });
    expect(warnings).toEqual([]);
    // The model is not asked again, and a reader of the stream learns that this was all.
    expect(calls).toBe(before + 1);
    expect(deltas.filter(Boolean)).toHaveLength(1);
  },
);

test("calls of both kinds when no round is left: the caller gets its own, and is told of the others", async () => {
  const { emission } = await askForBoth(1, 1);
  const { completion, toolRounds, warnings } = completionReceivedSchema.parse(emission?.body);
  expect(completion.toolRequests).toEqual([weather]);
  expect(toolRounds).toHaveLength(1);
  expect(warnings.map(({ code }) => code)).toEqual(["TOOL_CALLS_DROPPED"]);
});
