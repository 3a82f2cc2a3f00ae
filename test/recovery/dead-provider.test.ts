// One dead provider of three under load, ten times as fast as breakers are by themselves; `test/long` has it at their own pace.
import { testDeadProvider } from "../fixtures/dead-provider-test.ts";

const breakers = { openMs: 500, maxOpenMs: 12_000, windowMs: 6_000, probes: 3 };
// A breaker takes as many calls to open, however short the load.
testDeadProvider({ ratePerSecond: 60, durationMs: 10_000, breakers }, 0.1);
