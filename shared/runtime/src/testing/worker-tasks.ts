// A worker's script for tests: tasks that answer, fail, hang and crash.
import { threadId } from "node:worker_threads";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type AskMainThread, serveTasks } from "../workers/serve-tasks.ts";

serveTasks({
  threadId: () => ({ answer: threadId }),
  double: (number: number) => ({ answer: 2 * number }),
  async doubleLater(number: number) {
    await new Promise((resolve) => setImmediate(resolve));
    return { answer: 2 * number };
  },
  move: (size: number) => {
    const bytes = new Uint8Array(size).fill(7);
    return { answer: bytes, transfer: [bytes.buffer] };
  },
  length: (bytes: Uint8Array) => ({ answer: bytes.byteLength }),
  async ask(name: string, ask: AskMainThread) {
    return { answer: [await ask(name, 1), await ask(name, 2)] };
  },
  fail() {
    throw new Error("no such thing");
  },
  refuse() {
    throw new NocpError("UNKNOWN_STRATEGY", "there is none", { advice: "Try another." });
  },
  loop() {
    for (;;);
  },
  backtrack: (pattern: string) => ({ answer: new RegExp(pattern).test(`${"a".repeat(60)}b`) }),
  fillMemory() {
    const kept: object[] = [];
    for (;;) kept.push({ at: kept.length });
  },
  exit: () => process.exit(3),
  throwLater() {
    setImmediate(() => {
      throw new Error("nobody catches this");
    });
    return new Promise(() => undefined);
  },
});
