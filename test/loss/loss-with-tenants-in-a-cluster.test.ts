// As loss-with-tenants, on three brokers: messages pass the line of a busy tenant while leaders of streams and consumers change.
import { createClusterScenario } from "../fixtures/cluster-disturbances.ts";
import { testLoss } from "../fixtures/loss-scenario.ts";

const { start, killLeader, stepDown } = createClusterScenario();

testLoss({
  requests: 600,
  crowd: { busyRequests: 450, concurrency: 2 },
  betweenKillsMs: 4000,
  kills: 8,
  disturbances: [killLeader, stepDown, stepDown, killLeader],
  replicas: { act: 2, assess: 2, "llm-router": 2, articulate: 2 },
  startNats: start,
});
