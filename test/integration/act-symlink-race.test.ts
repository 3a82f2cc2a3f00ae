// The short form of test/races/symlink.test.ts.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SwappingFolder, startSwappingFolder } from "../fixtures/swapping-folder.ts";
import { racingTools, runSymlinkRace } from "../fixtures/symlink-race.ts";

let folder: SwappingFolder;
beforeAll(async () => {
  folder = await startSwappingFolder();
});
afterAll(() => folder.delete());

test.each(Object.entries(racingTools))(
  "%s tells nothing from outside the roots while a folder becomes a link",
  async (_name, tool) => {
    const { leaked, answered, refused } = await runSymlinkRace(tool, folder, 2000);
    expect(leaked).toBe(0);
    expect(Math.min(answered, refused)).toBeGreaterThan(0);
  },
);
