// Messages pass the line of a busy tenant while whoever moves them is killed. test/integration/messaging-passing.test.ts has the
// short form, where processes die between copying and deleting.
import { killBroker, restartBroker, testLoss } from "../fixtures/loss-scenario.ts";

testLoss({
  requests: 1200,
  crowd: { busyRequests: 900, concurrency: 2 },
  betweenKillsMs: 2000,
  kills: 16,
  disturbances: [restartBroker, killBroker],
  replicas: { act: 2, assess: 2, "llm-router": 2, articulate: 2 },
});
