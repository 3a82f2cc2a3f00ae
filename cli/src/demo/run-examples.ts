// Submits the examples one after the other, so that their times do not disturb each other.
import type { Client } from "@nocp/client/create-client.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { stages } from "@nocp/contracts/topology.ts";
import { startProgress } from "../terminal/progress.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type AnswerCheck, checkAnswer, type Example } from "./example.ts";

export interface ExampleRun {
  readonly example: Example;
  readonly result: NocpResult;
  readonly checks: readonly AnswerCheck[];
}

const timeoutMs = 180_000;
const order: readonly string[] = stages;

/** @param onRun called with each as it is done. */
export async function runExamples(
  client: Client,
  examples: readonly Example[],
  terminal: Terminal,
  onRun: (run: ExampleRun) => void,
): Promise<ExampleRun[]> {
  const runs: ExampleRun[] = [];
  for (const example of examples) {
    const progress = startProgress(terminal, stages.length, `${example.title}: act`);
    try {
      const result = await client.ask(example.request, {
        timeoutMs,
        watcher: {
          onStage: (stage, kind) => {
            const next = order[order.indexOf(stage) + 1];
            if (kind === "stage-completed") progress.step(`${example.title}: ${next ?? "done"}`);
          },
        },
      });
      runs.push({ example, result, checks: checkAnswer(example, result) });
    } finally {
      progress.end();
    }
    const last = runs.at(-1);
    if (last) onRun(last);
  }
  return runs;
}
