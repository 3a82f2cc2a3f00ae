import picocolors from "picocolors";
import { describe, expect, it } from "vitest";
import { formatLogLine, sentenceOf } from "./log-line.ts";

const plain = picocolors.createColors(false);
const at = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

describe("a service's log line", () => {
  it("shows time, level, text and the other fields behind the process's name", () => {
    const line = JSON.stringify({ level: 40, time: at, pid: 1, hostname: "h", msg: "slow", requestId: "r1", waitedMs: 12 });
    expect(formatLogLine("act", line, plain)).toBe("act            03:04:05.678 warn  slow requestId=r1 waitedMs=12");
  });

  it("shows what a change of the topology is about", () => {
    const line = JSON.stringify({
      level: 20,
      time: at,
      kind: "stream",
      name: "NOCP_WORK",
      action: "create",
      msg: "topology changed",
    });
    expect(formatLogLine("act", line, plain)).toContain("topology changed kind=stream name=NOCP_WORK action=create");
  });

  it("shows an error's message and code", () => {
    const line = JSON.stringify({ level: 50, time: at, msg: "start failed", err: { message: "no NATS", code: "NOT_CONNECTED" } });
    expect(formatLogLine("act", line, plain)).toContain("start failed no NATS (NOT_CONNECTED)");
  });

  it.each(["not JSON", "{broken", ""])("hands on %j as it is", (line) => {
    expect(formatLogLine("act", line, plain)).toBe(`act            ${line}`);
  });

  it("is one sentence where only that fits", () => {
    expect(sentenceOf(JSON.stringify({ level: 60, msg: "start failed", reason: "no NATS" }))).toBe("start failed: no NATS");
    expect(sentenceOf("Error: boom")).toBe("Error: boom");
  });
});
