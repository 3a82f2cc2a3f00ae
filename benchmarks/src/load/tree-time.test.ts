import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { parseStat, processorMsOfTrees } from "./tree-time.ts";

test("a process's parent and its time are read beside whatever it is called", () => {
  const text = "42 (a (b) c) S 7 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 11 0 1000 1 1";
  expect(parseStat(text)).toEqual({ parent: 7, milliseconds: 3_000 });
});

test("what a process has started counts as its own, where that can be told", async () => {
  if (!existsSync("/proc")) return expect(processorMsOfTrees([process.pid])).toBeUndefined();
  const script = "while (process.cpuUsage().user < 300_000); setInterval(() => undefined, 1e6)";
  const child = spawn("sh", ["-c", '"$0" -e "$1"; true', process.execPath, script], { stdio: "ignore", detached: true });
  try {
    await vi.waitFor(() => expect(processorMsOfTrees([child.pid ?? 0])).toBeGreaterThan(100), { timeout: 60_000 });
    expect(processorMsOfTrees([])).toBe(0);
  } finally {
    process.kill(-(child.pid ?? 0), "SIGKILL");
  }
});
