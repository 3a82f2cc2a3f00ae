import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { describe, expect, it } from "vitest";
import type { CompressionOutput } from "../compression-strategy.ts";
import { groupLines } from "../structured/log-groups.ts";
import logTemplates from "./log-templates.ts";

const counter = createTokenCounter("gpt-4o");
const summarise = (data: unknown, query: string, ratio: number): string => {
  const text = `logs: ${JSON.stringify(data)}`;
  const tokens = counter.count(text);
  const item = { kind: "tool" as const, id: "t0", name: "logs", data: data as never };
  const output = logTemplates.compress({
    items: [{ item, text, tokens }],
    query,
    budgetTokens: Math.floor(tokens * ratio),
    counter,
  });
  return (output as CompressionOutput).pieces[0]?.text ?? "";
};
const takes = (data: unknown): boolean => logTemplates.takes({ kind: "tool", id: "t0", name: "logs", data: data as never });

const time = (at: number): string => new Date(Date.UTC(2026, 0, 1) + at * 1000).toISOString();
const lines = Array.from({ length: 400 }, (_, at) =>
  at % 3
    ? `${time(at)} INFO served /page/${at} in ${10 + (at % 40)}ms`
    : `${time(at)} INFO user u${at} logged in from 10.0.0.${at % 200}`,
);
lines[150] = `${time(150)} ERROR disk /dev/sdb1 is full`;
lines[151] = `${time(151)} ERROR replica west-2 lost`;
lines[260] = `${time(260)} INFO served /page/260 in 9731ms`;
lines[333] = `${time(333)} INFO configuration reloaded`;

describe("a log in few tokens", () => {
  it("keeps every kind of error, and rare lines, without being asked", () => {
    const text = summarise(lines, "", 0.05);
    for (const at of [150, 151, 333]) expect(text).toContain(lines[at]);
  });

  it("keeps the line a question names", () => {
    expect(summarise(lines, "When did u273 log in?", 0.05)).toContain(lines[273]);
  });

  it("keeps the greatest value when it is asked for", () => {
    expect(summarise(lines, "Which page was the slowest?", 0.05)).toContain(lines[260]);
  });

  it("says how often a kind of line came", () => {
    const requests = lines.filter((line) => line.includes("served")).length;
    expect(summarise(lines, "How many pages were served?", 0.05)).toContain(`×${requests}`);
  });

  it("reads one string, a list, a field of an object and JSON records alike", () => {
    const records = lines.map((line) => ({
      ts: line.slice(0, 24),
      level: line.slice(25).split(" ")[0],
      msg: line.slice(30),
      host: "a",
    }));
    for (const data of [
      lines.join("\n"),
      lines,
      { file: "app.log", content: lines.join("\n") },
      records,
      records.map((record) => JSON.stringify(record)).join("\n"),
    ]) {
      expect(takes(data)).toBe(true);
      expect(summarise(data, "What went wrong?", 0.08)).toContain("disk /dev/sdb1 is full");
    }
  });

  it("does not take prose, tables or short lists for a log", () => {
    expect(takes("Once upon a time.\nThere was a fox.")).toBe(false);
    expect(takes(Array.from({ length: 50 }, (_, at) => ({ id: at, price: at * 2 })))).toBe(false);
    expect(takes(["a", "b"])).toBe(false);
    expect(takes(null)).toBe(false);
  });
});

describe("templates", () => {
  it("are the same for lines that differ in numbers, addresses and hashes", () => {
    const { groups } = groupLines([
      "GET /a/1 from 10.0.0.1 id=4f3c2a9b1d",
      "GET /a/22 from 192.168.7.9 id=99aa77bb66",
      "POST /a/3 refused",
    ]);
    expect(groups.map((group) => group.lines)).toEqual([[0, 1], [2]]);
  });

  it("merge where many differ in one word", () => {
    const { groups } = groupLines(
      Array.from(
        { length: 60 },
        (_, at) => `login of ${String.fromCharCode(97 + (at % 26))}${String.fromCharCode(97 + (at % 23))}son was accepted`,
      ),
    );
    expect(groups).toHaveLength(1);
  });
});
