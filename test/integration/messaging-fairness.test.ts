// The short form of test/long/fairness.test.ts.
import { testFairness } from "../fixtures/fairness-test.ts";

testFairness({ waiting: 800, asked: 5, workMs: 100 });
