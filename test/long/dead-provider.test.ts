// One dead provider of three, ten minutes of load, with the breakers' default settings.
import { testDeadProvider } from "../fixtures/dead-provider-test.ts";

testDeadProvider({ ratePerSecond: 20, durationMs: 600_000, breakers: { probes: 3 } }, 0.01);
