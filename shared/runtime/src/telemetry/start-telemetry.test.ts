import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { contextOfHeaders } from "../stage/message-headers.ts";
import { addTrace, newHeaders } from "../transport/message-headers.ts";
import { passTracesOn } from "./start-telemetry.ts";
import { createUnrecordedTracer } from "./unrecorded-tracer.ts";

it("passes on a caller's trace and baggage where nothing is recorded", () => {
  passTracesOn();
  const received = newHeaders();
  received.set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  received.set("baggage", "team=red,release=7");
  const parent = contextOfHeaders(received);
  const span = createUnrecordedTracer().startSpan("process", {}, parent);
  const sent = newHeaders();
  addTrace(sent, trace.setSpan(parent, span));
  expect(sent.get("traceparent")).toContain("0af7651916cd43dd8448eb211c80319c");
  expect(sent.get("baggage")).toBe("team=red,release=7");
});

it("adds neither to a message that came without", () => {
  passTracesOn();
  const sent = newHeaders();
  addTrace(sent, ROOT_CONTEXT);
  expect(sent.keys()).toEqual([]);
});
