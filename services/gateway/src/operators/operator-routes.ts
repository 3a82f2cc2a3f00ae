// The endpoints for operators, and those that show callers what is theirs of the same.
import type { RequestQueue } from "@nocp/client/request-queue.ts";
import type { AddRoutes } from "../route-tools.ts";
import { budgetRoutes } from "./budget-routes.ts";
import { deadLetterRoutes } from "./dead-letter-routes.ts";
import { deploymentRoutes } from "./deployment-routes.ts";
import { keyRoutes } from "./key-routes.ts";
import type { OperatorWork } from "./operator-work.ts";
import { transactionRoutes } from "./transaction-routes.ts";

export interface OperatorRouteDependencies {
  readonly work: OperatorWork;
  readonly queue: Pick<RequestQueue, "submit" | "wait">;
}

export const operatorRoutes = ({ work, queue }: OperatorRouteDependencies): readonly AddRoutes[] => [
  transactionRoutes(work),
  deadLetterRoutes(work),
  budgetRoutes(work),
  keyRoutes(work),
  deploymentRoutes({ work, benchmark: { queue, clockMs: () => performance.now() } }),
];
