// All stages chained in the test's own process, put together as a service does, on a real broker, around any handlers.
import type { Stage } from "@nocp/contracts/topology.ts";
import { pino } from "pino";
import { Registry } from "prom-client";
import { assembleChain, type Chain } from "../chain/assemble-chain.ts";
import { defineStage, type Handle, type StageDefinition } from "../stage/handler.ts";
import { passTracesOn } from "../telemetry/start-telemetry.ts";
import { createUnrecordedTracer } from "../telemetry/unrecorded-tracer.ts";
import type { Broker } from "../transport/broker.ts";
import { createStageTransport } from "../transport/stage-transport.ts";

/** Of the stages that every request passes. */
export type TestHandlers = { readonly [S in "act" | "assess" | "llm-router" | "articulate"]: Handle<S> };

/** @param broker opened with the settings to use, and provisioned. */
export async function startTestChain(broker: Broker, handlers: TestHandlers): Promise<Chain> {
  passTracesOn();
  const define = <S extends Stage>(stage: S, handle: Handle<NoInfer<S>>): StageDefinition => defineStage({ stage, handle });
  const chain = await assembleChain({
    definitions: [
      define("act", handlers.act),
      define("assess", handlers.assess),
      define("llm-router", handlers["llm-router"]),
      define("articulate", handlers.articulate),
    ],
    transport: createStageTransport(broker),
    settings: broker.settings,
    logger: pino({ level: "silent" }),
    tracer: createUnrecordedTracer(),
    registry: new Registry(),
    now: () => performance.timeOrigin + performance.now(),
    random: () => 0.5,
  });
  chain.start();
  return chain;
}
