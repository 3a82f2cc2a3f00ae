// A model server that speaks Chat Completions, or refuses every call while it is dead.
import { startHttpTestServer } from "./http-test-server.ts";

export interface MortalModel {
  readonly baseUrl: string;
  readonly seen: { calls: number };
  close(): Promise<void>;
}

export async function startMortalModel(isDead: () => boolean = () => false): Promise<MortalModel> {
  const seen = { calls: 0 };
  const server = await startHttpTestServer(({ response }) => {
    seen.calls += 1;
    if (isDead()) return void response.writeHead(503).end("{}");
    const choice = { index: 0, delta: { role: "assistant", content: "Paris" }, finish_reason: "stop" };
    response.setHeader("content-type", "text/event-stream");
    response.end(`data: ${JSON.stringify({ model: "m", choices: [choice] })}\n\ndata: [DONE]\n\n`);
  });
  return { seen, baseUrl: `${server.url}/v1`, close: server.close };
}
