// The short form of test/loss/loss-in-a-cluster.test.ts.
import { createClusterScenario } from "../fixtures/cluster-disturbances.ts";
import { testLoss } from "../fixtures/loss-scenario.ts";

const { start, killLeader, stepDown, loseQuorum } = createClusterScenario();

testLoss({
  requests: 60,
  betweenKillsMs: 800,
  kills: 3,
  disturbances: [stepDown, killLeader, loseQuorum(2_000)],
  startNats: start,
});
