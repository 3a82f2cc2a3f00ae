// The short form of test/loss, all stages in one process.
import { testLoss } from "../fixtures/loss-scenario.ts";

testLoss({ requests: 150, betweenKillsMs: 1000, chain: true, kills: 6 });
