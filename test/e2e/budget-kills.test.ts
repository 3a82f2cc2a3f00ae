// The short form of test/bill/budget.test.ts.
import { testBudget } from "../fixtures/budget-load.ts";

testBudget({ requests: 600, paid: 400, replicas: 2, kills: 2 });
