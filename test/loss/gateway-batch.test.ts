import { testBatchLoss } from "../fixtures/batch-loss.ts";

testBatchLoss({ lines: 10_000, kills: 2, timeoutMs: 540_000 });
