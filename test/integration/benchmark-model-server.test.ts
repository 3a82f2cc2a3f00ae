import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeCaseFolder } from "@nocp/benchmarks/measurement/case-folder.ts";
import { answerOf, type CountingModelServer, startCountingModelServer } from "@nocp/benchmarks/servers/counting-model-server.ts";
import type { Question } from "@nocp/benchmarks/workloads/workload.ts";
import { requestSchema } from "@nocp/contracts/request.ts";
import { OpenAI } from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const question: Question = { kind: "k", query: "Where is ORD-1?", needs: ["TRK9", "TRK8"], enough: "all" };

describe("the model server that counts", () => {
  let server: CountingModelServer;
  let client: OpenAI;
  beforeEach(async () => {
    server = await startCountingModelServer({ delayMs: 0, prefillMsPerThousandTokens: 0 });
    client = new OpenAI({ apiKey: "none", baseURL: server.url, maxRetries: 0 });
  });
  afterEach(() => server.close());
  const ask = (...texts: readonly string[]) =>
    client.chat.completions.create({ model: "gpt-4o", messages: texts.map((content) => ({ role: "user" as const, content })) });

  it("speaks OpenAI's protocol, and reports the tokens of the prompt as OpenAI counts them", async () => {
    server.expect(question);
    const completion = await ask("hello world");
    // The cookbook's count: 3 for the reply, 3 for the message, 1 for its role, 2 for the text.
    expect(completion.usage).toMatchObject({ prompt_tokens: 9 });
    expect(completion.choices[0]).toMatchObject({ finish_reason: "stop", message: { role: "assistant" } });
    expect(server.takeCalls()).toEqual([{ inputTokens: 9, outputTokens: completion.usage?.completion_tokens }]);
    expect(server.takeCalls()).toEqual([]);
  });

  it("gives back the facts that reached it, and no others", async () => {
    server.expect(question);
    const { choices } = await ask("tracking: TRK9.", "Where is ORD-1?");
    expect(choices[0]?.message.content).toContain("TRK9");
    expect(choices[0]?.message.content).not.toContain("TRK8");
  });

  it("refuses what is no chat completion", async () => {
    const response = await fetch(`${server.url}/chat/completions`, { method: "POST", body: "{" });
    expect(response.status).toBe(400);
  });
});

describe("its answer", () => {
  it("does not take a fact of the question for one of the context", () => {
    expect(answerOf({ ...question, needs: ["ORD-1"] }, "<context>\n</context>\n\nWhere is ORD-1?")).not.toContain("ORD-1");
  });

  it("is those rows of the table whose every cell stands in the prompt", () => {
    const table = [
      { id: "A-1", total: 10.5 },
      { id: "A-2", total: 11.25 },
    ];
    expect(answerOf({ ...question, table }, "A-1: 10.5, A-2: gone")).toBe('[{"id":"A-1","total":10.5}]');
  });
});

describe("a case as a request", () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "nocp-case-folder-")));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("is valid in both arms, which differ in what is switched off alone", () => {
    const context = {
      documents: [{ title: "T", text: "t" }],
      files: [{ name: "../users of all", value: [1] }],
      tables: [{ name: 'or"ders', rows: [{ id: "A", total: 1.5 }] }],
    };
    const folder = writeCaseFolder(root, context);
    const one = { ...question, id: "c", context, maxTokens: 100, recallFloor: 0.9 };
    const [raw, optimized] = (["raw", "optimized"] as const).map((arm) => requestSchema.parse(folder.requestOf(one, arm)));
    expect(raw).toMatchObject({ compression: { mode: "off" }, output: { format: "json" } });
    expect(optimized).toMatchObject({
      compression: { mode: "auto", maxTokens: 100, recallFloor: 0.9 },
      output: { format: "auto" },
    });
    const { compression: _one, output: _two, ...rest } = raw!;
    expect(optimized).toMatchObject(rest);
    expect(raw!.tools.map(({ arguments: given }) => String(given.path ?? given.database).startsWith(`${root}/case-`))).toEqual([
      true,
      true,
    ]);
    folder.remove();
  });
});
