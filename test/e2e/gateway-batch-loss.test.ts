// The short form of test/loss/gateway-batch.test.ts.
import { testBatchLoss } from "../fixtures/batch-loss.ts";

testBatchLoss({ lines: 120, kills: 2, timeoutMs: 240_000 });
