// The script of llm-router's worker threads.
import { workerData } from "node:worker_threads";
import type { SchemaLimits } from "@nocp/contracts/schemas/schema-validator.ts";
import { serveTasks } from "@nocp/runtime/workers/serve-tasks.ts";
import { loadPromptTasks } from "./prompt-tasks.ts";

serveTasks(loadPromptTasks(workerData as SchemaLimits));
