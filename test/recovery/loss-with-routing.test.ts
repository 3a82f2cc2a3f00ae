// The short form of test/loss/loss-with-routing.test.ts.
import { everythingBeforeACall } from "../fixtures/everything-before-a-call.ts";
import { testLoss } from "../fixtures/loss-scenario.ts";

testLoss({ requests: 60, betweenKillsMs: 800, kills: 5, replicas: { "llm-router": 2 }, routing: everythingBeforeACall });
