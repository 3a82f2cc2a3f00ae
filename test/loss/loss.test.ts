import { testLoss } from "../fixtures/loss-scenario.ts";

testLoss({ requests: 500, betweenKillsMs: 3000 });
