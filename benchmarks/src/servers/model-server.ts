// A model server for measurements: OpenAI's chat completions with a fixed answer after a fixed delay. No model.
// Argument: the delay in milliseconds. Prints its port.
import { createServer } from "node:http";

const delayMs = Number(process.argv[2] ?? 0);
const answer = JSON.stringify({
  id: "chatcmpl-benchmark",
  object: "chat.completion",
  created: 0,
  model: "benchmark-model",
  choices: [{ index: 0, message: { role: "assistant", content: "A fixed answer of the model server." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 100, completion_tokens: 8, total_tokens: 108 },
});
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.on("data", () => {});
  request.on("end", () => {
    setTimeout(() => response.writeHead(200, { "content-type": "application/json" }).end(answer), delayMs);
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
});
