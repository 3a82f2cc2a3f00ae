// The script of articulate's worker threads.
import { workerData } from "node:worker_threads";
import { serveTasks } from "@nocp/runtime/workers/serve-tasks.ts";
import { type AnswerSettings, loadAnswerTasks } from "./answer-tasks.ts";

serveTasks(await loadAnswerTasks(workerData as AnswerSettings));
