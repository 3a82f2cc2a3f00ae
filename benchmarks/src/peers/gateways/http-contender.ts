// A contender that is called by HTTP with OpenAI's Chat Completions.
import { createHttpCaller } from "../../load/http-caller.ts";
import { type Caller, type Contender, chatOf } from "./contender.ts";

export interface HttpTarget {
  /** Of /v1. */
  readonly baseUrl: string;
  readonly model: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function httpContender(
  name: string,
  processIds: () => readonly number[],
  targetFor: (upstreamDelayMs: number) => HttpTarget,
): Contender {
  return {
    name,
    processIds,
    callerFor(upstreamDelayMs): Caller {
      const { baseUrl, model, headers } = targetFor(upstreamDelayMs);
      const url = `${baseUrl}/chat/completions`;
      const whole = createHttpCaller(url, chatOf(model), headers);
      const streamed = createHttpCaller(url, { ...chatOf(model), stream: true }, headers);
      return {
        call: whole.call,
        begin: streamed.begin,
        close: () => {
          whole.close();
          streamed.close();
        },
      };
    },
  };
}
