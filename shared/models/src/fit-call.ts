// A call as its model takes it: the capability table decides what is sent, what is dropped with a warning, what is refused.
import type { Warning } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import type { ContentPart, PromptMessage } from "@nocp/contracts/prompt.ts";
import { type Capabilities, type RequestPart, requestParts } from "./capabilities.ts";
import type { ProviderCall } from "./provider.ts";

export interface FittedCall<Call> {
  readonly call: Call;
  readonly warnings: readonly Warning[];
}

type Fitted = Omit<ProviderCall, "prompt">;

/**
 * @param vendor whose reasoning items may be sent back.
 * @throws NocpError PROVIDER_UNSUPPORTED when the call holds what the model must not miss.
 */
export function fitCall<Call extends Fitted>(call: Call, capabilities: Capabilities, vendor: string): FittedCall<Call> {
  const { parts, limits } = capabilities;
  const held = partsOf(call, vendor);
  const refused = held.filter((part) => parts[part] === "refused" || (isDueTo(call, part) && parts[part] === "dropped"));
  if (refused.length > 0) {
    throw new NocpError(
      "PROVIDER_UNSUPPORTED",
      `the model does not take ${refused.map((part) => requestParts[part]).join(", ")}`,
    );
  }
  const dropped = new Set(held.filter((part) => parts[part] === "dropped"));
  if (call.outputSchema && call.tools.length > 0 && !capabilities.dialect.schemaBesideTools) dropped.add("outputSchema");
  const stop = call.stop?.slice(0, limits.stopTexts);
  if (stop && stop.length < (call.stop?.length ?? 0)) dropped.add("stop");
  const fitted = without(call, dropped);
  return {
    call: {
      ...fitted,
      ...(stop && parts.stop === "sent" ? { stop } : {}),
      messages: messagesFor(call, dropped, vendor),
    },
    warnings: [...dropped].map((part) =>
      warningOf("PARAMETER_DROPPED", droppedText(call.model, part, limits.stopTexts, parts.stop)),
    ),
  };
}

/** Vendors' clients get what they ask for or an error: they do not read warnings. A seed is best effort everywhere. */
const isDueTo = ({ native }: Fitted, part: RequestPart): boolean =>
  native !== undefined &&
  (part === "n" || part === "stop" || part === "tools" || part === "toolChoice" || part === "parallelToolCalls");

const droppedText = (model: string, part: RequestPart, stopTexts: number, stop: Capabilities["parts"]["stop"]): string => {
  if (part === "stop" && stop === "sent") return `${model} takes ${stopTexts} stop texts; the others were not sent`;
  const rest = part === "outputSchema" ? "; the model was given it as an instruction, and the answer is checked" : "";
  return `${model} does not take ${requestParts[part]}: it was not sent${rest}`;
};

/** What a call holds of what may be missing at a vendor. */
export function partsOf(call: Fitted, vendor: string): RequestPart[] {
  const content = call.messages.flatMap(({ parts = [] }) => parts);
  const has = (type: ContentPart["type"]): boolean => content.some((part) => part.type === type);
  const held: Readonly<Record<RequestPart, boolean>> = {
    temperature: call.temperature !== undefined,
    topP: call.topP !== undefined,
    stop: (call.stop?.length ?? 0) > 0,
    seed: call.seed !== undefined,
    n: (call.n ?? 1) > 1,
    reasoningEffort: call.reasoningEffort !== undefined,
    outputSchema: call.outputSchema !== undefined,
    tools: call.tools.length > 0,
    toolChoice: call.tools.length > 0 && call.toolChoice !== "auto" && call.toolChoice !== "none",
    parallelToolCalls: call.tools.length > 0 && call.parallelToolCalls === false,
    images: has("image"),
    audio: has("audio"),
    files: has("file"),
    reasoningItems: call.messages.some(({ reasoning = [] }) => reasoning.some((item) => item.vendor === vendor)),
  };
  return (Object.keys(held) as RequestPart[]).filter((part) => held[part]);
}

/** The fields of a call that are left out where they are dropped; the others become part of messages, or go on as they are. */
const optionalFields = [
  "temperature",
  "topP",
  "stop",
  "seed",
  "n",
  "reasoningEffort",
  "parallelToolCalls",
  "outputSchema",
] as const;

function without<Call extends Fitted>(call: Call, dropped: ReadonlySet<RequestPart>): Call {
  const left: ReadonlySet<string> = new Set(optionalFields.filter((field) => dropped.has(field)));
  return {
    ...(Object.fromEntries(Object.entries(call).filter(([field]) => !left.has(field))) as Call),
    ...(dropped.has("tools") ? { tools: [] } : {}),
    ...(dropped.has("toolChoice") ? { toolChoice: "auto" as const } : {}),
  };
}

/** A schema that is not sent is said; reasoning goes back to whom it came from and to nobody else. */
function messagesFor(call: Fitted, dropped: ReadonlySet<RequestPart>, vendor: string): PromptMessage[] {
  const messages = call.messages.map(({ reasoning = [], ...message }): PromptMessage => {
    const own = dropped.has("reasoningItems") ? [] : reasoning.filter((item) => item.vendor === vendor);
    return own.length === 0 ? message : { ...message, reasoning: own };
  });
  if (!dropped.has("outputSchema")) return messages;
  const text = `Answer with JSON alone, without a fence, that satisfies this JSON Schema:\n${JSON.stringify(call.outputSchema)}`;
  return [{ role: "system", text }, ...messages];
}
