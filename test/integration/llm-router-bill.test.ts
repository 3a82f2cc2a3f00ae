import { testBill } from "../fixtures/bill-scenario.ts";

testBill({ runs: 80 });
