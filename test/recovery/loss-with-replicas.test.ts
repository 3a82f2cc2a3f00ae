// The short form of test/loss/loss-with-replicas.test.ts and test/loss/loss-with-routing.test.ts.
import { everythingBeforeACall } from "../fixtures/everything-before-a-call.ts";
import { killBroker, restartBroker, testLoss } from "../fixtures/loss-scenario.ts";

testLoss({
  requests: 60,
  betweenKillsMs: 600,
  kills: 6,
  disturbances: [killBroker, restartBroker],
  replicas: { act: 2, assess: 2, "llm-router": 2, articulate: 2 },
  routing: everythingBeforeACall,
});
