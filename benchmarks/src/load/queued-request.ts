// The request that the gateway makes of a call with OpenAI's Chat Completions, for measuring the queue without it.
import type { Client } from "@nocp/client/create-client.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import { chatServerApi } from "@nocp/models/vendors/openai/chat-server.ts";

/** @param routed provider and model. */
export function queuedRequest(body: Readonly<Record<string, unknown>>, routed: string): NocpRequestInput {
  const call = chatServerApi.readCall(body);
  const { temperature: _, maxOutputTokens: __, ...request } = call.request;
  return {
    ...request,
    framing: "none",
    native: call.native,
    compression: { mode: "lossless" },
    routing: { model: routed, cache: "off" },
    stream: body.stream === true,
  };
}

/** @throws Error whose code is that of the request's failure. */
export async function askOnce(client: Client, request: NocpRequestInput): Promise<void> {
  const { status, error } = await client.ask(request, { timeoutMs: 60_000 });
  if (status === "failed") throw Object.assign(new Error("failed"), { code: error?.code ?? "failed" });
}
