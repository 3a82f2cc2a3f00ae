// A model server that keeps its own bill: it does the steps of a script in their order, then answers well.
import { localServer } from "../fixtures/llm-router-fixtures.ts";

export const usdPerMillion = { input: 1, output: 10 };

/** What the server does with a call; the second list is what it bills nevertheless, and the third what it bills unseen. */
const unbilled = ["rate limit", "server error", "bad request", "error in a 200"] as const;
const billed = ["good", "empty", "filtered", "malformed arguments", "reasoning only", "cut stream"] as const;
const billedUnseen = ["web page", "hang-up", "late"] as const;
export const behaviours = [...unbilled, ...billed, ...billedUnseen];
type Behaviour = (typeof behaviours)[number];

export interface BillingStep {
  readonly behaviour: Behaviour;
  readonly outputTokens: number;
  /** What the router's process does when the call has arrived: it goes on, dies, or is stopped in order. */
  readonly process: "goes on" | "dies" | "stops";
}

export interface ServerBill {
  usd: number;
  calls: number;
  /** Calls whose bill no client can know. */
  unseen: number;
}

const errorStatus: Partial<Record<Behaviour, number>> = { "rate limit": 429, "server error": 500, "bad request": 400 };

/** One token a character. */
function answerOf({ behaviour }: BillingStep, written: string) {
  const arrived = { role: "assistant", content: written };
  if (behaviour === "empty") return { message: { role: "assistant", content: "" }, finish_reason: "stop" };
  if (behaviour === "reasoning only") {
    return { message: { role: "assistant", content: "", reasoning_content: written }, finish_reason: "stop" };
  }
  if (behaviour === "filtered") return { message: arrived, finish_reason: "content_filter" };
  if (behaviour !== "malformed arguments") return { message: arrived, finish_reason: "stop" };
  const call = { id: "c", index: 0, type: "function", function: { name: "f", arguments: `{${written}` } };
  return { message: { role: "assistant", content: null, tool_calls: [call] }, finish_reason: "tool_calls" };
}

/**
 * @param inputTokens what it bills for a prompt.
 * @param onProcess hears what the router's process is to do, once the call is on the bill.
 */
export async function startBillingServer(
  steps: readonly BillingStep[],
  inputTokens: number,
  onProcess: (fate: Exclude<BillingStep["process"], "goes on">) => void,
) {
  const left = [...steps];
  const bill: ServerBill = { usd: 0, calls: 0, unseen: 0 };
  const server = await localServer((_request, response, sent) => {
    const asked = JSON.parse(sent) as { stream?: boolean; max_tokens?: number; max_completion_tokens?: number };
    const step: BillingStep = left.shift() ?? { behaviour: "good", outputTokens: 7, process: "goes on" };
    const { behaviour } = step;
    const limit = asked.max_tokens ?? asked.max_completion_tokens ?? 0;
    const completionTokens = behaviour === "empty" ? 0 : Math.min(step.outputTokens, limit);
    const written = "x".repeat(completionTokens);
    bill.calls++;
    const status = errorStatus[behaviour];
    const isBilled = status === undefined && behaviour !== "error in a 200";
    if (isBilled) bill.usd += (inputTokens * usdPerMillion.input + completionTokens * usdPerMillion.output) / 1e6;
    if (step.process !== "goes on") {
      if (isBilled) bill.unseen++;
      onProcess(step.process);
      return void response.destroy();
    }
    if (status !== undefined) return void response.writeHead(status).end(JSON.stringify({ error: { message: "no" } }));
    response.setHeader("content-type", "application/json");
    if (!isBilled) return void response.end(JSON.stringify({ error: { message: "no", code: 502 } }));
    const isUnseen = billedUnseen.some((one) => one === behaviour) || (behaviour === "cut stream" && !asked.stream);
    if (isUnseen) bill.unseen++;
    if (behaviour === "late") return;
    if (behaviour === "web page") return void response.end("<html>");
    if (isUnseen) return void response.destroy();
    const choice = answerOf(step, written);
    const usage = { prompt_tokens: inputTokens, completion_tokens: completionTokens };
    if (!asked.stream) return void response.end(JSON.stringify({ model: "m", choices: [choice], usage }));
    const { message, finish_reason } = choice;
    const chunks: object[] = [{ choices: [{ index: 0, delta: message }] }];
    if (behaviour !== "cut stream") chunks.push({ choices: [{ index: 0, delta: {}, finish_reason }] }, { choices: [], usage });
    response.setHeader("content-type", "text/event-stream");
    response.end(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(""));
  });
  return { ...server, bill };
}
