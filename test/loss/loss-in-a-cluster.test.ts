import { createClusterScenario } from "../fixtures/cluster-disturbances.ts";
import { testLoss } from "../fixtures/loss-scenario.ts";

const { start, killLeader, stepDown, loseQuorum } = createClusterScenario();

testLoss({
  requests: 1000,
  betweenKillsMs: 5000,
  kills: 10,
  disturbances: [killLeader, stepDown, stepDown, killLeader, loseQuorum(20_000), stepDown, killLeader, stepDown],
  replicas: { act: 2, assess: 2, "llm-router": 2, articulate: 2 },
  startNats: start,
});
