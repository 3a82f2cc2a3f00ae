// What takes the place of an answer when no candidate gives one: a smaller request, an extract, and when neither does.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import { usualCapabilities, withRule } from "@nocp/models/capabilities.ts";
import { describe, expect, it } from "vitest";
import {
  type FakeContextOptions,
  fakeContext,
  optimizedMessage,
  promptOf,
  scriptedProvider,
  vendorError,
} from "../../../test/fixtures/llm-router-fixtures.ts";
import { completionIn, rejection, routerOf } from "../../../test/fixtures/llm-router-handler.ts";
import type { InstalledProvider } from "./installed-provider.ts";

const tooLong = () => vendorError(400, { code: "context_length_exceeded" });
const answer = "The treasure lies under the lighthouse.";
const filler = Array.from({ length: 200 }, (_, at) => `Entry ${at} tells of fields and weather.`).join("\n");
const prompt = promptOf("Where is the treasure?", { context: `${filler}\n${answer}\n${filler}` });
const long = { prompt, inputTokens: { raw: 16_000, optimized: 16_000 } };
const window = (contextTokens: number) => ({ defaults: withRule(usualCapabilities, { limits: { contextTokens } }), models: [] });
const extractive = (script: Parameters<typeof scriptedProvider>[1] = []) =>
  scriptedProvider("extractive", script, { lastResort: true, pricing: { kind: "free" } });

const ask = (
  providers: readonly InstalledProvider[],
  request: Partial<NocpRequestInput> = {},
  options: FakeContextOptions = {},
  settings: Parameters<typeof routerOf>[1] = {},
) => {
  const context = fakeContext(options);
  const handled = routerOf(providers, settings).handle(optimizedMessage(request, long), context) as Promise<never>;
  return { context, answered: () => handled.then(completionIn), failed: () => rejection(handled) };
};
const second = { fallbacks: [{ provider: "second", model: "m" }] };

describe("a smaller request", () => {
  it("is sent to a model that refused the prompt for its length, and the result says so", async () => {
    const first = scriptedProvider("first", [tooLong(), { text: "Under the lighthouse." }]);
    const { answered, context } = ask([first]);
    const { completion, warnings, spent, route, context: seen } = await answered();
    expect(completion.text).toBe("Under the lighthouse.");
    expect(first.calls[1]!.prompt.context.length).toBeLessThan(prompt.context.length / 2);
    expect(seen).toContain(answer);
    expect(seen).toBe(first.calls[1]!.prompt.context);
    expect(warnings).toMatchObject([{ code: "REQUEST_REDUCED", message: expect.stringContaining("a shorter context") }]);
    expect(spent.attempts.map(({ outcome, errorCode }) => errorCode ?? outcome)).toEqual([
      "CONTEXT_LENGTH_EXCEEDED",
      "succeeded",
    ]);
    expect(context.calls).toHaveLength(2);
    expect(route?.candidates).toMatchObject([
      { provider: "first", outcome: "failed" },
      { provider: "first", outcome: "answered", why: "a smaller request: a shorter context" },
    ]);
  });

  it("is sent to a model that was left out for its window, when the others fail for good", async () => {
    const small = scriptedProvider("second", [{}], { capabilities: window(4_000) });
    const { answered } = ask([scriptedProvider("first", [vendorError(401)]), small], { routing: second });
    const { route, completion } = await answered();
    expect(completion.provider).toBe("second");
    expect(small.calls).toHaveLength(1);
    expect(small.calls[0]!.messages.map(({ text }) => text).join("").length).toBeLessThan(4_000);
    expect(route?.candidates.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ["first", "failed"],
      ["second", "answered"],
    ]);
  });

  it("waits until no later try is left where a failure may pass", async () => {
    const providers = () => [
      scriptedProvider("first", [vendorError(503), vendorError(503)]),
      scriptedProvider("second", [{}], { capabilities: window(4_000) }),
    ];
    const early = providers();
    expect((await ask(early, { routing: second }, { attempt: 4, mayBeRepeated: false }).failed()).disposition).toBe("retry");
    expect(early[1]!.calls).toHaveLength(0);
    expect(
      (await ask(providers(), { routing: second }, { attempt: 5, mayBeRepeated: false }).answered()).completion.provider,
    ).toBe("second");
  });

  it("is not sent when the request does not want it, nor for a failure that another prompt would share", async () => {
    const fallback = { smaller: false };
    const refusing = scriptedProvider("first", [tooLong()]);
    expect((await ask([refusing], { routing: { fallback } }).failed()).code).toBe("CONTEXT_LENGTH_EXCEEDED");
    const filtering = scriptedProvider("first", [
      vendorError(400, { code: "content_policy_violation", message: "safety system" }),
    ]);
    const small = scriptedProvider("second", [], { capabilities: window(4_000) });
    expect((await ask([filtering, small], { routing: second }).failed()).code).toBe("CONTENT_FILTERED");
  });

  it("that is refused as well leaves the first error, and all calls on the bill", async () => {
    const { failed, context } = ask([scriptedProvider("first", [tooLong(), tooLong()])]);
    expect((await failed()).code).toBe("CONTEXT_LENGTH_EXCEEDED");
    expect(context.calls).toHaveLength(2);
  });

  it("counts as a further call: what the first one cost is kept before it", async () => {
    const { handle, completions } = routerOf([
      scriptedProvider("first", [
        tooLong(),
        async () => {
          expect([...completions.entries.values()][0]).toMatchObject({
            attempts: [{ errorCode: "CONTEXT_LENGTH_EXCEEDED" }],
            calling: { provider: "first" },
          });
          throw vendorError(401);
        },
      ]),
    ]);
    await rejection(handle(optimizedMessage({}, long), fakeContext()) as Promise<unknown>);
    expect.assertions(2);
  });
});

describe("an extract of the context", () => {
  const wanted = { routing: { fallback: { degraded: true } } };
  const failing = () => scriptedProvider("first", [vendorError(401)]);

  it("is the answer when no model gives one, marked as what it is", async () => {
    const { completion, warnings, route } = await ask([failing(), extractive([{ text: answer }])], wanted).answered();
    expect(completion).toMatchObject({ text: answer, provider: "extractive" });
    expect(warnings.map(({ code }) => code)).toContain("ANSWER_EXTRACTED");
    expect(route?.line).toContain("extractive/extractive-model by ordered: an extract of the context");
  });

  it("is given only where request or settings want it; the request has the last word", async () => {
    expect((await ask([failing(), extractive()]).failed()).code).toBe("PROVIDER_AUTH");
    const providers = [failing(), extractive([{ text: answer }])];
    expect((await ask(providers, {}, {}, { degradedAnswers: true }).answered()).completion.text).toBe(answer);
    const refused = { routing: { fallback: { degraded: false } } };
    expect((await ask([failing(), extractive()], refused, {}, { degradedAnswers: true }).failed()).code).toBe("PROVIDER_AUTH");
  });

  it("does not come before the last try, nor in place of an answer that a filter refused, nor without a context", async () => {
    const passing = () => [scriptedProvider("first", [vendorError(503)]), extractive()];
    expect((await ask(passing(), wanted, { attempt: 1 }).failed()).disposition).toBe("retry");
    const filtered = vendorError(400, { code: "content_policy_violation", message: "safety system" });
    expect((await ask([scriptedProvider("first", [filtered]), extractive()], wanted).failed()).code).toBe("CONTENT_FILTERED");
    const { handle } = routerOf([failing(), extractive()]);
    const error = await rejection(
      handle(optimizedMessage(wanted, { prompt: promptOf("Why?") }), fakeContext()) as Promise<unknown>,
    );
    expect(error).toBeInstanceOf(NocpError);
    expect(error.code).toBe("PROVIDER_AUTH");
  });

  it("comes after a smaller request has failed", async () => {
    const first = scriptedProvider("first", [tooLong(), vendorError(401)]);
    const { completion, spent } = await ask([first, extractive([{ text: answer }])], wanted).answered();
    expect(completion.provider).toBe("extractive");
    expect(spent.attempts).toHaveLength(3);
  });
});
