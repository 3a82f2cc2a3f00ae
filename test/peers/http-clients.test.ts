// Packages that others wrote against the HTTP API, with a scripted vendor behind it. The run writes the table of clients in
// docs/compatibility.md: what it says was seen.
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { compatibilityDocument } from "@nocp/cli/reference/compatibility.ts";
import { type ClientResult, clientResultsFile, type Scenario, scenarios } from "@nocp/cli/reference/tested-clients.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { useGatewayDeployment } from "../fixtures/gateway-deployment.ts";
import type { VendorAnswer } from "../servers/chat-vendor.ts";
import { projectRoot } from "../servers/start-test-deployment.ts";
import { type Program, prepareNodeClients, preparePythonClients } from "./peer-programs.ts";

interface TriedClient extends Omit<ClientResult, "passed" | "version" | "absent"> {
  readonly language: "node" | "python";
  readonly name: string;
  /** The scenarios of a chat unless given. */
  readonly tried?: readonly Scenario[];
}

const ofChats: readonly Scenario[] = ["chat", "stream", "tools", "structured", "error", "cancel"];
const clients: readonly TriedClient[] = [
  { language: "node", name: "openai-chat", client: "openai (Node)", api: "Chat Completions" },
  { language: "node", name: "openai-responses", client: "openai (Node)", api: "Responses" },
  { language: "node", name: "anthropic-messages", client: "@anthropic-ai/sdk (Node)", api: "Messages" },
  { language: "node", name: "ai-openai-chat", client: "@ai-sdk/openai (ai)", api: "Chat Completions" },
  { language: "node", name: "ai-openai-responses", client: "@ai-sdk/openai (ai)", api: "Responses" },
  { language: "node", name: "ai-anthropic-messages", client: "@ai-sdk/anthropic (ai)", api: "Messages" },
  { language: "node", name: "langchain-chat", client: "@langchain/openai (Node)", api: "Chat Completions" },
  { language: "python", name: "openai-chat", client: "openai (Python)", api: "Chat Completions" },
  { language: "python", name: "openai-responses", client: "openai (Python)", api: "Responses" },
  { language: "python", name: "anthropic-messages", client: "anthropic (Python)", api: "Messages" },
  { language: "python", name: "litellm-chat", client: "litellm (Python)", api: "Chat Completions" },
  { language: "python", name: "litellm-messages", client: "litellm (Python)", api: "Messages" },
  { language: "python", name: "instructor-chat", client: "instructor (Python)", api: "Chat Completions" },
  { language: "node", name: "openai-batches", client: "openai (Node)", api: "Files and Batches", tried: ["batch"] },
  { language: "python", name: "openai-batches", client: "openai (Python)", api: "Files and Batches", tried: ["batch"] },
  { language: "node", name: "mcp", client: "@modelcontextprotocol/client (Node)", api: "MCP", tried: ["chat", "tools", "error"] },
];

const report = { city: "Oslo", degrees: 3 };
const expected: Readonly<Record<Scenario, unknown>> = {
  chat: { text: "Hello there." },
  stream: { text: expect.stringMatching(/^(?:Hello there\.|Oslo)$/), isStreamed: true },
  tools: expect.toSatisfy((outcome) => ["It is 3 degrees in Oslo.", report.city].includes(outcome?.text ?? outcome?.city)),
  structured: report,
  error: { status: 400, message: expect.stringContaining("the scripted vendor refuses") },
  cancel: { isCancelled: true },
  batch: { status: "completed", answers: ["Hello there."], refused: ["the scripted vendor refuses"] },
};

type Body = Readonly<Record<string, unknown>>;
interface Sent {
  readonly role: string;
  readonly content: unknown;
}

/** Does what the client's message names. */
function answerOf(body: Body): VendorAnswer {
  const messages = body.messages as Sent[];
  const said = JSON.stringify(messages.findLast(({ role }) => role === "user")?.content);
  const result = messages.findLast(({ role }) => role === "tool")?.content;
  if (result !== undefined) return { text: [`It is ${String(result)}.`] };
  if (said.includes("cancel")) return { text: Array.from({ length: 600 }, () => '{"city":"Oslo'), pauseMs: 100 };
  if (said.includes("error")) {
    return { status: 400, error: { message: "the scripted vendor refuses", type: "invalid_request_error" } };
  }
  const [tool] = (body.tools ?? []) as { function: { name: string } }[];
  if (tool && said.includes("tools")) {
    return { toolCalls: [{ id: "call_1", name: tool.function.name, arguments: JSON.stringify({ city: "Oslo" }) }] };
  }
  // Some clients ask for structured output by a tool that the model must call.
  if (tool) return { toolCalls: [{ id: "call_1", name: tool.function.name, arguments: JSON.stringify(report) }] };
  if (body.response_format !== undefined) return { text: ['{"city":"Oslo",', '"degrees":3}'] };
  return { text: ["Hello", " there", "."] };
}

const gateway = useGatewayDeployment();
let programs: Readonly<Record<"node" | "python", Program>>;
let versions: ReadonlyMap<string, string>;
const results: ClientResult[] = [];

beforeAll(async () => {
  const [node, python] = await Promise.all([prepareNodeClients(), preparePythonClients()]);
  programs = { node: node.program, python: python.program };
  versions = new Map([...node.versions, ...python.versions]);
});
beforeEach(() => gateway.vendor.answer(answerOf));
afterAll(() => {
  if (results.length < clients.length) return;
  const file = join(projectRoot, clientResultsFile);
  const text = `${JSON.stringify(results, null, 2)}\n`;
  if (readFileSync(file, "utf8") !== text) writeFileSync(file, text);
  const { fileName, text: page } = compatibilityDocument(results);
  writeFileSync(join(projectRoot, "docs", fileName), page);
});

/** Every scenario's outcome, in one process. */
async function outcomesOf({ language, name }: (typeof clients)[number]): Promise<ReadonlyMap<string, unknown>> {
  const { file, args } = programs[language];
  const { stdout } = await promisify(execFile)(file, [...args, name], {
    env: { ...process.env, NOCP_URL: gateway.url, NOCP_MODEL: "openai-compatible/scripted-1", PYTHONWARNINGS: "ignore" },
    timeout: 240_000,
    maxBuffer: 16 * 1024 * 1024,
  });
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  return new Map(lines.map((line) => JSON.parse(line)).map(({ scenario, outcome }) => [scenario, outcome]));
}

describe.each(clients)("$client, $api", (client) => {
  const { tried = ofChats } = client;
  test(tried.join(", "), async () => {
    const callsBefore = gateway.vendor.calls.length;
    const outcomes = await outcomesOf(client);
    const wanted = Object.fromEntries(tried.map((scenario) => [scenario, expected[scenario]]));
    expect(Object.fromEntries(outcomes)).toEqual(wanted);
    const cancelled = gateway.vendor.calls.slice(callsBefore).filter(({ body }) => JSON.stringify(body).includes("cancel"));
    expect(await Promise.all(cancelled.map(({ ended }) => ended))).toEqual(tried.includes("cancel") ? ["hung up"] : []);
    const version = versions.get(`${client.language}:${client.client.replace(/ \(.*/, "")}`) ?? "";
    const absent = scenarios.filter((scenario) => !tried.includes(scenario));
    results.push({ client: client.client, api: client.api, version, passed: tried, absent });
  });
});
