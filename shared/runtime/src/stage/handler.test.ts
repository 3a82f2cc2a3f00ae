// What the compiler knows of the topology: `tsc` checks the expected errors, vitest the rest.
import { type EmittedFact, type Fact, type Stage, stages, topologyOf } from "@nocp/contracts/topology.ts";
import { describe, expect, expectTypeOf, test } from "vitest";
import { createTestContext } from "../testing/handler-context.ts";
import { type Consumed, defineStage, type Emission, type Handle, type StageMessage } from "./handler.ts";

const never = <T>(): T => {
  throw new Error("only for its type");
};

const bodyOf = <S extends Stage>() => never<Consumed<S>["body"]>();

describe("a handler that keeps to the topology compiles, and any other does not", () => {
  test("act: from request.submitted and tools.requested to tools.completed", () => {
    expectTypeOf<"request.submitted" | "tools.requested">().toExtend<Consumed<"act">["fact"]>();
    expectTypeOf<"tools.completed">().toExtend<Emission<"act">["fact"]>();
    defineStage({ stage: "act", handle: async () => [never<Emission<"act">>()] });
    // @ts-expect-error act does not emit what assess does
    defineStage({ stage: "act", handle: async () => [never<Emission<"assess">>()] });
    // @ts-expect-error act does not emit the result
    defineStage({ stage: "act", handle: async () => [never<Emission<"articulate">>()] });
    // @ts-expect-error act does not consume tools.completed
    defineStage({ stage: "act", handle: async (_message: Consumed<"assess">) => [] });
    // @ts-expect-error a body needs all that its schema does
    defineStage({ stage: "act", handle: async () => [{ fact: "tools.completed", body: { requestId: "r" } }] });
  });

  test("assess: from tools.completed to context.optimized", () => {
    expectTypeOf<"tools.completed">().toExtend<Consumed<"assess">["fact"]>();
    expectTypeOf<"context.optimized">().toExtend<Emission<"assess">["fact"]>();
    defineStage({ stage: "assess", handle: async () => [never<Emission<"assess">>()] });
    // @ts-expect-error assess does not emit what it consumes
    defineStage({ stage: "assess", handle: async () => [never<Emission<"act">>()] });
    // @ts-expect-error assess does not emit what llm-router does
    defineStage({ stage: "assess", handle: async () => [never<Emission<"llm-router">>()] });
    // @ts-expect-error assess does not consume a submitted request
    defineStage({ stage: "assess", handle: async (_message: Consumed<"act">) => [] });
    // @ts-expect-error the body of another fact
    defineStage({ stage: "assess", handle: async () => [{ fact: "context.optimized", body: bodyOf<"assess">() }] });
  });

  test("llm-router: from context.optimized to completion.received or tools.requested", () => {
    expectTypeOf<"context.optimized">().toExtend<Consumed<"llm-router">["fact"]>();
    expectTypeOf<"completion.received" | "tools.requested">().toExtend<Emission<"llm-router">["fact"]>();
    defineStage({ stage: "llm-router", handle: async () => [never<Emission<"llm-router">>()] });
    // @ts-expect-error llm-router does not emit the result
    defineStage({ stage: "llm-router", handle: async () => [never<Emission<"articulate">>()] });
    // @ts-expect-error llm-router does not emit what act does
    defineStage({ stage: "llm-router", handle: async () => [never<Emission<"act">>()] });
    // @ts-expect-error llm-router does not consume what it emits
    defineStage({ stage: "llm-router", handle: async (_message: Consumed<"articulate">) => [] });
    // @ts-expect-error the body of another fact
    defineStage({ stage: "llm-router", handle: async () => [{ fact: "tools.requested", body: bodyOf<"articulate">() }] });
  });

  test("articulate: from completion.received to response.ready", () => {
    expectTypeOf<"completion.received">().toExtend<Consumed<"articulate">["fact"]>();
    expectTypeOf<"response.ready">().toExtend<Emission<"articulate">["fact"]>();
    defineStage({ stage: "articulate", handle: async () => [never<Emission<"articulate">>()] });
    // @ts-expect-error articulate does not emit what act does
    defineStage({ stage: "articulate", handle: async () => [never<Emission<"act">>()] });
    // @ts-expect-error articulate does not consume context.optimized
    defineStage({ stage: "articulate", handle: async (_message: Consumed<"llm-router">) => [] });
    // @ts-expect-error a fact's body is not a result
    defineStage({ stage: "articulate", handle: async () => [{ fact: "response.ready", body: bodyOf<"articulate">() }] });
  });

  test("a stage that the topology does not know is none", () => {
    // @ts-expect-error no such stage
    expect(() => defineStage({ stage: "gateway", handle: async () => [] })).toThrow();
    expectTypeOf<Handle<"act">>().not.toEqualTypeOf<Handle<"assess">>();
  });

  test("whatever is emitted is consumed by a stage, or is the result", () => {
    expectTypeOf<Exclude<EmittedFact<Stage>, "response.ready">>().toExtend<Fact>();
    const consumed = stages.flatMap((stage) => topologyOf(stage).consumes);
    for (const fact of stages.flatMap((stage) => topologyOf(stage).emits))
      expect([...consumed, "response.ready"]).toContain(fact);
    expect(consumed.length).toBe(new Set(consumed).size);
  });
});

describe("a stage that is handed what it does not consume", () => {
  test("says so, whatever put it there", async () => {
    const definition = defineStage({ stage: "assess", handle: async () => [] });
    const stray = { fact: "request.submitted", body: {} } as StageMessage;
    expect(() => definition.handle(stray, createTestContext())).toThrow("assess does not consume request.submitted");
  });
});
