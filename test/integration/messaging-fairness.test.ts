// The short form of test/long/fairness.test.ts.
import { testFairness } from "../fixtures/fairness-test.ts";

testFairness({ waiting: 600, asked: 3, workMs: 300 });
