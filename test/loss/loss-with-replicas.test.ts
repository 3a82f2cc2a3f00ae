import { testLoss } from "../fixtures/loss-scenario.ts";

testLoss({ requests: 1000, betweenKillsMs: 3000, replicas: { act: 2, assess: 2, "llm-router": 2, articulate: 2 } });
