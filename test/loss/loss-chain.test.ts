import { killBroker, restartBroker, testLoss } from "../fixtures/loss-scenario.ts";

testLoss({
  requests: 500,
  betweenKillsMs: 3000,
  chain: true,
  kills: 12,
  disturbances: [killBroker, restartBroker],
  replicas: { chain: 2, observability: 1 },
});
