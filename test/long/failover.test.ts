// The sixteen fail-over scenarios at the catalogue's own pace: with the limits that nobody has set, and with the 30 s that the
// catalogue gives every system for a stream that is idle.
import { afterAll, beforeAll, describe, test } from "vitest";
import { type FailoverRig, scenarios, startFailoverRig } from "../fixtures/failover-scenarios.ts";

describe.each([
  ["default limits", {}],
  ["30 s", { CONNECT_MS: 30_000, STALL_MS: 30_000 }],
])("with %s", (_limits, limits) => {
  let rig: FailoverRig;
  beforeAll(async () => {
    rig = await startFailoverRig(limits);
  }, 60_000);
  afterAll(() => rig.end());

  describe.concurrent.each([
    ["a caller of the result", false],
    ["a reader of deltas", true],
  ])("%s gets the whole answer, or a clean error", (_who, stream) => {
    test.each(scenarios)("$id: $title", (scenario) => rig.run(scenario, stream));
    test("S15: a provider that is down for a while", () => rig.runFlap(stream));
  });
});
