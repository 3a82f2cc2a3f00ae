// The sixteen fail-over scenarios, eight times as fast as in the catalogue; `test/long` has them at its own pace.
import { afterAll, beforeAll, describe, test } from "vitest";
import { type FailoverRig, scenarios, startFailoverRig } from "../fixtures/failover-scenarios.ts";

const pace = 8;
let rig: FailoverRig;
beforeAll(async () => {
  rig = await startFailoverRig({ TTFT_MS: 10_000, STALL_MS: 15_000 }, pace);
});
afterAll(() => rig.end());

describe.concurrent.each([
  ["a caller of the result", false],
  ["a reader of deltas", true],
])("%s gets the whole answer, or a clean error", (_who, stream) => {
  test.each(scenarios)("$id: $title", (scenario) => rig.run(scenario, stream));
  test("S15: a provider that is down for a while", () => rig.runFlap(stream));
});
