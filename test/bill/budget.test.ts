import { testBudget } from "../fixtures/budget-load.ts";

testBudget({ requests: 10_000, paid: 8_000, replicas: 4, kills: 12 });
