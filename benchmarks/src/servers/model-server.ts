// A model server for measurements: OpenAI's chat completions with a fixed answer after a fixed delay, in one piece or as a
// stream. No model.
// Argument: the delay in milliseconds; a path that begins with /after-<ms> has its own. Prints its port.
import { createServer } from "node:http";

const delayMs = Number(process.argv[2] ?? 0);
const text = "A fixed answer of the model server.";
const common = { id: "chatcmpl-benchmark", created: 0, model: "benchmark-model" };
const usage = { prompt_tokens: 100, completion_tokens: 8, total_tokens: 108 };
const answer = JSON.stringify({
  ...common,
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
  usage,
});
const chunk = (delta: object, finish_reason: string | null) => ({
  ...common,
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta, finish_reason }],
});
/** A word an event, as vendors send them. */
const events = [
  chunk({ role: "assistant", content: "" }, null),
  ...text.split(/(?= )/).map((word) => chunk({ content: word }, null)),
  chunk({}, "stop"),
  { ...common, object: "chat.completion.chunk", choices: [], usage },
];
const stream = `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}data: [DONE]\n\n`;
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  let asked = "";
  const ownDelay = /^\/after-(\d+)\//.exec(request.url ?? "")?.[1];
  request.on("data", (piece) => {
    asked += piece;
  });
  request.on("end", () => {
    const streams = asked.includes('"stream":true');
    const headers = { "content-type": streams ? "text/event-stream" : "application/json" };
    setTimeout(() => response.writeHead(200, headers).end(streams ? stream : answer), Number(ownDelay ?? delayMs));
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
});
