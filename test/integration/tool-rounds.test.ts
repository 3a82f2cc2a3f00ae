// The rounds of tools that llm-router and act make together, one handing over to the other.
import { createHandler as createActHandler } from "@nocp/act/handle.ts";
import { contextOptimizedSchema, type FactBody, toolsCompletedSchema, toolsRequestedSchema } from "@nocp/contracts/messages.ts";
import { requestSchema } from "@nocp/contracts/request.ts";
import { createTestContext } from "@nocp/runtime/testing/handler-context.ts";
import { expect, test } from "vitest";
import { createTestTools, emptyArchive, testTool } from "../fixtures/act-test-tool.ts";
import { fakeContext, promptOf, requestId, scriptedProvider } from "../fixtures/llm-router-fixtures.ts";
import { completionIn, routerOf } from "../fixtures/llm-router-handler.ts";

const look = testTool("look", () => "still nothing");
const act = createActHandler({ ...createTestTools([look]), archive: emptyArchive, maxCallsPerRound: 32, acceptKeys: false });

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
