import { parseWithExactArguments } from "@nocp/contracts/json/exact-numbers.ts";
import { keyProofOf } from "@nocp/contracts/key-proof.ts";
import { toolsCompletedSchema, toolsRequestedSchema } from "@nocp/contracts/messages.ts";
import { type NocpRequestInput, requestSchema } from "@nocp/contracts/request.ts";
import { loadToolName } from "@nocp/contracts/tool-loading.ts";
import { createTestContext } from "@nocp/runtime/testing/handler-context.ts";
import { expect, test } from "vitest";
import { z } from "zod";
import { createTestTools, emptyArchive, testTool } from "../../../test/fixtures/act-test-tool.ts";
import { createHandler } from "./handle.ts";

const echo = testTool("echo", (input) => input, { arguments: z.strictObject({ text: z.string() }) as z.ZodType<unknown> });
const broken = testTool("broken", () => {
  throw new Error("out of order");
});
const { registry, runTools } = createTestTools([echo, broken]);
const handle = createHandler({
  registry,
  runTools,
  archive: emptyArchive,
  maxCallsPerRound: 32,
  acceptKeys: false,
  keySecret: "secret",
});

/** What act emits for a request, checked against the contract. */
async function submit(request: NocpRequestInput) {
  const context = createTestContext();
  const emissions = await handle({ fact: "request.submitted", body: requestSchema.parse({ query: "?", ...request }) }, context);
  expect(emissions.map(({ fact }) => fact)).toEqual(["tools.completed"]);
  return { completed: toolsCompletedSchema.parse(emissions[0]?.body), context };
}

test("a request without tools goes on with what the context says of it", async () => {
  const { completed, context } = await submit({ documents: [{ text: "a document" }] });
  const { requestId, lane, submittedAt, deadlineAt } = context;
  expect(completed).toMatchObject({
    requestId,
    lane,
    submittedAt,
    deadlineAt,
    step: 0,
    toolResults: [],
    offeredTools: [],
    warnings: [],
  });
  expect(completed.request.documents).toEqual([{ title: "", text: "a document" }]);
  expect(context.spans).toEqual([]);
});

test("a failing tool leaves a failed result and a warning, and the request goes on with the others", async () => {
  const { completed } = await submit({
    tools: [
      { name: "echo", arguments: { text: "hello" } },
      { name: "broken" },
      { name: "nowhere", id: "mine" },
      { name: "echo", arguments: { text: "hello", loud: true } },
    ],
  });
  expect(completed.toolResults.map(({ id, status, error }) => [id, status, error?.code])).toEqual([
    ["call-1", "succeeded", undefined],
    ["call-2", "failed", "TOOL_FAILED"],
    ["mine", "failed", "UNKNOWN_TOOL"],
    ["call-4", "failed", "INVALID_ARGUMENTS"],
  ]);
  expect(completed.toolResults[2]?.error?.message).toContain("broken, echo");
  expect(completed.toolResults[3]?.error?.message).toContain('"loud"');
  expect(completed.warnings.map(({ code }) => code)).toEqual(["TOOL_FAILED", "UNKNOWN_TOOL", "INVALID_ARGUMENTS"]);
});

test("ids of calls are unique even where the caller gives one twice or takes a default", async () => {
  const tools = [{ name: "echo", id: "call-2" }, { name: "echo" }, { name: "echo", id: "a" }, { name: "echo", id: "a" }];
  const { completed } = await submit({ tools });
  expect(completed.toolResults.map(({ id }) => id)).toEqual(["call-2", "call-2-2", "a", "a-2"]);
});

test("offered tools come with JSON Schema, and one that does not exist is a warning that lists those that do", async () => {
  const { completed } = await submit({ offerTools: ["echo", "nowhere", "echo"] });
  expect(completed.offeredTools).toEqual([
    {
      name: "echo",
      description: echo.description,
      parameters: { type: "object", properties: { text: { type: "string" } }, required: ["text"], additionalProperties: false },
    },
  ]);
  expect(completed.warnings).toHaveLength(1);
  expect(completed.warnings[0]).toMatchObject({ code: "UNKNOWN_TOOL", message: expect.stringContaining("broken, echo") });
});

test("what a model asks for becomes a round of its own, and only tools that were offered run", async () => {
  const { completed } = await submit({ offerTools: ["echo"], tools: [{ name: "echo", arguments: { text: "first" } }] });
  const spent = { attempts: [], costUsd: 0.25 };
  const requests = [
    { id: "x", name: "broken", arguments: {} },
    { id: "x", name: "echo", arguments: { text: "second" } },
    { id: "y", name: "echo", arguments: { txt: 1 } },
  ];
  const body = toolsRequestedSchema.parse({ ...completed, step: 1, spent, pending: { text: "let me look", requests } });
  const emissions = await handle({ fact: "tools.requested", body }, createTestContext());
  const next = toolsCompletedSchema.parse(emissions[0]?.body);
  expect(next).toMatchObject({ step: 1, spent, toolResults: completed.toolResults, offeredTools: completed.offeredTools });
  expect(next.toolRounds).toHaveLength(1);
  expect(next.toolRounds[0]).toMatchObject({ text: "let me look", requests });
  expect(next.toolRounds[0]?.results.map(({ name, status, error }) => [name, status, error?.code])).toEqual([
    ["broken", "failed", "UNKNOWN_TOOL"],
    ["echo", "succeeded", undefined],
    ["echo", "failed", "INVALID_ARGUMENTS"],
  ]);
  expect(next).not.toHaveProperty("pending");
});

test("tools that were held back are named to the model that asks for them, and none runs", async () => {
  const callerTools = [{ name: "refund", description: "", parameters: {} }];
  const request: NocpRequestInput = { offerTools: ["echo"], callerTools, compression: { toolDefinitions: "selected" } };
  const { completed } = await submit(request);
  expect(completed.offeredTools.map(({ name }) => name)).toEqual([loadToolName, "echo"]);
  const calls = [{ names: ["refund", "echo", "nowhere"] }, { names: ["nowhere"] }, { names: "refund" }];
  const requests = calls.map((given, at) => ({ id: String(at), name: loadToolName, arguments: given }));
  const body = toolsRequestedSchema.parse({ ...completed, step: 1, pending: { text: "", requests } });
  const [emission] = await handle({ fact: "tools.requested", body }, createTestContext());
  const results = toolsCompletedSchema.parse(emission?.body).toolRounds[0]?.results ?? [];
  expect(results.map(({ data, error }) => data ?? error?.code)).toEqual([
    { available: ["refund", "echo"], unknown: ["nowhere"] },
    "INVALID_ARGUMENTS",
    "INVALID_ARGUMENTS",
  ]);
});

test.each<[string, NocpRequestInput]>([
  ["nobody asks for that", { compression: { toolDefinitions: "short" } }],
  ["nothing is compressed", { compression: { mode: "off", toolDefinitions: "selected" } }],
])("no tool is offered that brings back others where %s", async (_, request) => {
  expect((await submit(request)).completed.offeredTools).toEqual([]);
});

test("calls beyond the limit of a round are answered with an error, and do not run", async () => {
  let runs = 0;
  const counting = testTool("counting", () => ++runs);
  const tools = createTestTools([counting]);
  const handleFew = createHandler({
    ...tools,
    archive: emptyArchive,
    maxCallsPerRound: 3,
    acceptKeys: false,
    keySecret: "secret",
  });
  const request = requestSchema.parse({ query: "?", offerTools: ["counting"] });
  const [submitted] = await handleFew({ fact: "request.submitted", body: request }, createTestContext());
  const requests = Array.from({ length: 1000 }, (_, at) => ({ id: `c${at}`, name: "counting", arguments: {} }));
  const body = toolsRequestedSchema.parse({ ...submitted?.body, pending: { text: "", requests } });
  const [emission] = await handleFew({ fact: "tools.requested", body }, createTestContext());
  const { results } = toolsCompletedSchema.parse(emission?.body).toolRounds[0]!;
  expect(runs).toBe(3);
  expect(results.map(({ id }) => id)).toEqual(requests.map(({ id }) => id));
  expect(results.filter(({ error }) => error?.code === "TOO_MANY_TOOL_CALLS")).toHaveLength(997);
});

test("a key is taken from a gateway of the deployment, and from others only if the settings say so", async () => {
  const request = requestSchema.parse({ query: "?", key: "team-a" });
  const submitKey = (acceptKeys: boolean, keyProof?: string) => {
    const own = createHandler({
      registry,
      runTools,
      archive: emptyArchive,
      maxCallsPerRound: 32,
      acceptKeys,
      keySecret: "secret",
    });
    return (async () => own({ fact: "request.submitted", body: { ...request, keyProof } }, createTestContext()))();
  };
  await expect(submitKey(false)).rejects.toMatchObject({ code: "INVALID_REQUEST", message: expect.stringContaining("key") });
  expect(toolsCompletedSchema.parse((await submitKey(true))[0]?.body).request.key).toBe("team-a");
  const { tenant } = createTestContext();
  const own = keyProofOf("secret", tenant, "team-a");
  expect(toolsCompletedSchema.parse((await submitKey(false, own))[0]?.body).request.key).toBe("team-a");
  for (const other of [
    keyProofOf("secret", "other", "team-a"),
    keyProofOf("secret", tenant, "team-b"),
    keyProofOf("x", tenant, "team-a"),
    "",
  ])
    await expect(submitKey(false, other)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
});

test("an integer of any length reaches a tool with all its digits", async () => {
  const got: unknown[] = [];
  const taking = testTool("taking", (input) => void got.push(input), {
    arguments: z.strictObject({ id: z.bigint() }) as z.ZodType<unknown>,
  });
  const own = createHandler({
    ...createTestTools([taking]),
    archive: emptyArchive,
    maxCallsPerRound: 32,
    acceptKeys: false,
    keySecret: "secret",
  });
  const source = '{"query":"?","tools":[{"name":"taking","arguments":{"id":2512292042121000001}}]}';
  await own({ fact: "request.submitted", body: requestSchema.parse(parseWithExactArguments(source)) }, createTestContext());
  expect(got).toEqual([{ id: 2512292042121000001n }]);
});

test("results of a model's rounds share one limit, which those of the request's own tools do not use up", async () => {
  const limited = createTestTools([echo], { maxTotalResultBytes: 100 });
  const handleLimited = createHandler({
    registry: limited.registry,
    runTools: limited.runTools,
    archive: emptyArchive,
    maxCallsPerRound: 32,
    acceptKeys: false,
    keySecret: "secret",
  });
  const asked = (id: string) => ({ id, name: "echo", arguments: { text: "x".repeat(40) } });
  const request = requestSchema.parse({
    query: "?",
    offerTools: ["echo"],
    tools: [asked("own-1"), asked("own-2"), asked("own-3")],
  });
  let [emission] = await handleLimited({ fact: "request.submitted", body: request }, createTestContext());
  for (const id of ["round-1", "round-2", "round-3"]) {
    const body = toolsRequestedSchema.parse({ ...emission?.body, pending: { text: "", requests: [asked(id)] } });
    [emission] = await handleLimited({ fact: "tools.requested", body }, createTestContext());
  }
  const { toolResults, toolRounds, warnings } = toolsCompletedSchema.parse(emission?.body);
  const statuses = (results: readonly { status: string }[]) => results.map(({ status }) => status);
  expect(statuses(toolResults)).toEqual(["succeeded", "failed", "failed"]);
  expect(toolRounds.flatMap(({ results }) => statuses(results))).toEqual(["succeeded", "failed", "failed"]);
  expect(warnings.map(({ code }) => code)).toEqual(Array(4).fill("TOOL_OUTPUT_TOO_LARGE"));
});
