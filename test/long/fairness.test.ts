import { testFairness } from "../fixtures/fairness-test.ts";

testFairness({ waiting: 20_000, asked: 50, workMs: 20 });
