// Models that help to compress, for a worker thread: the main thread calls them, keeps their bill, and tells of each call.
import type { AskMainThread } from "@nocp/runtime/workers/serve-tasks.ts";
import { errorOfTask, type TaskOutcome, taskFailureOf } from "@nocp/runtime/workers/worker-messages.ts";
import type { MeteredServices } from "../meter-services.ts";
import type { ChatPrompt, ModelCall, ModelServices } from "../model-services.ts";

type Service = keyof ModelServices;

/** What a thread knows of the models: their names, and what a million tokens cost; `null` where nobody knows. */
export type KnownModels = Partial<
  Readonly<Record<Service, { readonly model: string; readonly inputUsd: number | null; readonly outputUsd: number | null }>>
>;

const million = 1_000_000;

export function knownModels(services: ModelServices, { expectedCall }: Pick<MeteredServices, "expectedCall">): KnownModels {
  const known = (service: Service) => {
    const model = services[service]?.model;
    if (model === undefined) return {};
    const [inputUsd, outputUsd] = [expectedCall(service, million, 0).costUsd, expectedCall(service, 0, million).costUsd];
    return { [service]: { model, inputUsd, outputUsd } };
  };
  return { ...known("embedder"), ...known("distiller") };
}

interface Reply {
  readonly outcome: TaskOutcome;
  /** Calls that were made since the last reply. */
  readonly calls: readonly ModelCall[];
}

interface Distillation {
  readonly prompt: ChatPrompt;
  readonly maxTokens: number;
}

/** What the main thread answers a task with. */
export function modelAnswers({ services, calls }: MeteredServices, signal: AbortSignal | undefined) {
  let told = 0;
  const replyOf = async (work: Promise<unknown> | undefined): Promise<Reply> => {
    const outcome = await Promise.resolve(work).then(
      (answer): TaskOutcome => ({ answer }),
      (error: unknown): TaskOutcome => ({ failure: taskFailureOf(error) }),
    );
    const added = calls.slice(told);
    told = calls.length;
    return { outcome, calls: added };
  };
  return {
    similarities: (texts: readonly string[]) => replyOf(services.embedder?.similarities(texts, signal)),
    distill: ({ prompt, maxTokens }: Distillation) => replyOf(services.distiller?.complete(prompt, maxTokens, signal)),
  };
}

/** The same models in the thread. */
export function modelsOfMainThread(known: KnownModels, ask: AskMainThread): MeteredServices {
  const calls: ModelCall[] = [];
  const asked = async <T>(name: keyof ReturnType<typeof modelAnswers>, argument: unknown): Promise<T> => {
    const reply = (await ask(name, argument)) as Reply;
    calls.push(...reply.calls);
    if ("failure" in reply.outcome) throw errorOfTask(reply.outcome.failure);
    return reply.outcome.answer as T;
  };
  const { embedder, distiller } = known;
  return {
    calls,
    services: {
      embedder: embedder && { model: embedder.model, similarities: (texts) => asked("similarities", texts) },
      distiller: distiller && {
        model: distiller.model,
        complete: (prompt, maxTokens) => asked("distill", { prompt, maxTokens } satisfies Distillation),
      },
    },
    expectedCall(service, inputTokens, outputTokens) {
      const { model = "", inputUsd = null, outputUsd = null } = known[service] ?? {};
      const costUsd =
        inputUsd === null || outputUsd === null ? null : (inputTokens * inputUsd + outputTokens * outputUsd) / million;
      return { service, model, inputTokens, outputTokens, outcome: "succeeded", costUsd, elapsedMs: 0 };
    },
  };
}
