// The script of assess's worker threads.
import { workerData } from "node:worker_threads";
import { serveTasks } from "@nocp/runtime/workers/serve-tasks.ts";
import { loadContextTasks } from "./context-tasks.ts";
import type { WorkSettings } from "./work-tasks.ts";

serveTasks(await loadContextTasks(workerData as WorkSettings));
