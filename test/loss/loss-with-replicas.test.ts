import { killBroker, restartBroker, testLoss } from "../fixtures/loss-scenario.ts";

testLoss({
  requests: 1000,
  betweenKillsMs: 3000,
  kills: 40,
  disturbances: [killBroker, restartBroker, killBroker, restartBroker],
  replicas: { act: 2, assess: 2, "llm-router": 3, articulate: 2, observability: 2 },
});
