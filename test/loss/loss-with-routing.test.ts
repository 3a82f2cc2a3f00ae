import { everythingBeforeACall } from "../fixtures/everything-before-a-call.ts";
import { killBroker, restartBroker, testLoss } from "../fixtures/loss-scenario.ts";

testLoss({
  requests: 500,
  betweenKillsMs: 3000,
  kills: 20,
  disturbances: [killBroker, restartBroker],
  replicas: { "llm-router": 3 },
  routing: everythingBeforeACall,
});
