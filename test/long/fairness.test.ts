import { testFairness } from "../fixtures/fairness-test.ts";

testFairness({ waiting: 20_000, asked: 30, workMs: 100 });
