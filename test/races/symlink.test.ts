// A hundred thousand tries per tool to be led out of the allowed folders by a folder that becomes a link.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SwappingFolder, startSwappingFolder } from "../fixtures/swapping-folder.ts";
import { racingTools, runSymlinkRace } from "../fixtures/symlink-race.ts";

let folder: SwappingFolder;
beforeAll(async () => {
  folder = await startSwappingFolder();
});
afterAll(() => folder.delete());

test.each(Object.entries(racingTools))("%s", async (_name, tool) => {
  const outcome = await runSymlinkRace(tool, folder, 100_000);
  console.log(JSON.stringify(outcome));
  expect(outcome).toMatchObject({ tries: 100_000, leaked: 0 });
  expect(Math.min(outcome.answered, outcome.refused)).toBeGreaterThan(0);
});
