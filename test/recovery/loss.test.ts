// The short form of test/loss.
import { testLoss } from "../fixtures/loss-scenario.ts";

testLoss({ requests: 150, betweenKillsMs: 1000 });
