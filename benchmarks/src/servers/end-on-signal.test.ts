// What was started ends before the process does, also when several things were started.
import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { endOnSignal, type SignalTarget } from "./end-on-signal.ts";

function startTarget() {
  const ends: string[] = [];
  const events = new EventEmitter();
  const target: SignalTarget = Object.assign(events, { pid: 7, kill: (_pid: number, signal: string) => ends.push(signal) });
  return { target, ends, send: (signal: NodeJS.Signals) => events.emit(signal, signal) };
}

test("the process ends by the signal when everything has been stopped", async () => {
  const { target, ends, send } = startTarget();
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  endOnSignal(() => first.promise, target);
  endOnSignal(() => second.promise, target);
  send("SIGTERM");
  first.resolve();
  await new Promise(setImmediate);
  expect(ends).toEqual([]);
  second.reject(new Error("cannot be stopped"));
  await new Promise(setImmediate);
  expect(ends).toEqual(["SIGTERM"]);
});

test("what has ended by itself does not listen any more", () => {
  const { target, ends, send } = startTarget();
  endOnSignal(async () => undefined, target)();
  expect(send("SIGINT")).toBe(false);
  expect(ends).toEqual([]);
});
