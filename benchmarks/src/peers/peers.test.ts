import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { describe, expect, test } from "vitest";
import { renderPeers } from "../reports/peers-text.ts";
import { compareCompression } from "./compare-compression.ts";
import { type Contender, contentOf } from "./compared-case.ts";
import { createFactGroups } from "./fact-groups.ts";
import { createFaithfulnessGroups } from "./faithfulness-groups.ts";
import { createNocp } from "./nocp.ts";

const counter = createTokenCounter("gpt-4o");
const groups = [...createFactGroups({ sizes: ["small"], casesPerGroup: 2, seed: "test" }), ...createFaithfulnessGroups([3])];

/** Leaves what `leave` makes of the text that it is given. */
const contender = (name: string, leave: (text: string) => string): Contender => ({
  name,
  compress: async ({ items }) => {
    const text = leave(items.map(contentOf).join("\n"));
    return { text, judged: text, elapsedMs: 1 };
  },
});

describe("the cases that compressors are compared on", () => {
  test("hold what they ask for, so that whoever leaves everything in place loses nothing", async () => {
    const compared = await compareCompression(groups, [contender("all", (text) => text)], counter, () => {});
    for (const { group, figures } of compared) expect([group, figures[0]]).toMatchObject([group, { keptShare: 1, recall: 1 }]);
    const judged = compared.flatMap(({ figures }) => figures[0]?.verdicts ?? []);
    expect(judged.length).toBeGreaterThan(5);
    for (const { wrong, torn, lost } of judged) expect({ wrong, torn, lost }).toEqual({ wrong: 0, torn: 0, lost: 0 });
  });

  test("are lost on whoever leaves nothing", async () => {
    const compared = await compareCompression(groups, [contender("nothing", () => "")], counter, () => {});
    for (const { group, figures } of compared) expect([group, figures[0]?.recall]).toEqual([group, 0]);
  });

  test("show a line that stands below another's heading as wrong", async () => {
    const prose = groups.filter(({ name }) => name === "prose");
    const reversed = contender("reversed", (text) => text.split("\n").reverse().join("\n"));
    const [comparison] = await compareCompression(prose, [reversed], counter, () => {});
    expect(comparison?.figures[0]?.verdicts?.wrong).toBeGreaterThan(0);
  });
});

test("NOCP without loss gives back all that it was given", async () => {
  const contenders = (await createNocp(counter)).filter(({ name }) => name === "NOCP, lossless");
  const few = groups
    .filter(({ name }) => !name.includes("2,000") && !name.includes("log"))
    .map(({ name, cases }) => ({ name, cases: cases.slice(0, 1) }));
  const compared = await compareCompression(few, contenders, counter, () => {});
  expect(compared.map(({ figures }) => figures[0]?.recall)).toEqual(few.map(() => 1));
  expect(renderPeers(compared, ["a note"])).toMatch(
    /\| table of 200 rows \(1, [\d,]+\) +\| NOCP, lossless +\| +\d\d\.\d % \| +1\.000 \|/,
  );
});
