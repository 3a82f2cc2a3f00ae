// Notices a process whose event loop stands still: it neither dies nor answers, and holds what it was given.
import { get } from "node:http";

export interface AnswerWatch {
  /** A process was started: the silence of the one before it does not count. */
  restarted(): void;
  /** It answered somebody else: it has loaded. */
  answered(): void;
  stop(): void;
}

export interface AnswerWatchOptions {
  /** Answered by the event loop alone, such as /healthz. */
  readonly url: string;
  /** Longest silence, in milliseconds. */
  readonly stuckAfterMs: number;
  /** Longest silence before the first answer of a process, which has to load first. */
  readonly startTimeoutMs: number;
  /** Called once for a process. @param silentMs since its last answer, or its start. */
  readonly onStuck: (silentMs: number) => void;
  /** Milliseconds, by a clock that only goes on. */
  readonly now: () => number;
}

/** Questions within the longest silence. All of them must fail: one late timer of the watcher's own proves nothing. */
const questionsPerSilence = 4;

export function watchAnswers({ url, stuckAfterMs, startTimeoutMs, onStuck, now }: AnswerWatchOptions): AnswerWatch {
  const everyMs = stuckAfterMs / questionsPerSilence;
  let heardAt = now();
  let hasAnswered = false;
  let misses = 0;
  let round = 0;

  const answered = (): void => {
    heardAt = now();
    hasAnswered = true;
    misses = 0;
  };
  const onMiss = (): void => {
    misses += 1;
    const silentMs = now() - heardAt;
    if (misses < questionsPerSilence || silentMs < (hasAnswered ? stuckAfterMs : startTimeoutMs)) return;
    restarted();
    onStuck(silentMs);
  };
  const restarted = (): void => {
    round += 1;
    heardAt = now();
    hasAnswered = false;
    misses = 0;
  };
  const timer = setInterval(() => {
    const asked = round;
    void answers(url, everyMs).then((didAnswer) => {
      // An answer about a process that is gone by now says nothing of the next.
      if (asked === round) (didAnswer ? answered : onMiss)();
    });
  }, everyMs);
  return {
    restarted,
    answered,
    stop: () => {
      round += 1;
      clearInterval(timer);
    },
  };
}

const answers = (url: string, timeoutMs: number): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get(url, { timeout: timeoutMs, agent: false }, (answer) => {
      answer.resume();
      resolve(true);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
