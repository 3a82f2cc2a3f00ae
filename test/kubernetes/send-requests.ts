// Sends requests to the broker that the argument names, as the user of the environment, until standard input ends, and prints how they ended as JSON.
import { createClient } from "@nocp/client/create-client.ts";

const everyMs = 25;
const timeoutMs = 120_000;

const { NATS_USER: user = "", NATS_PASSWORD: password = "" } = process.env;
const client = await createClient({ natsUrl: process.argv[2] ?? "", user, password });
const ends: Promise<string>[] = [];
const send = async (): Promise<string> => {
  const document = { text: "The gateway listens on port 8080. The broker listens on port 4222." };
  const request = { query: "Which port does the gateway listen on?", documents: [document], routing: { provider: "extractive" } };
  try {
    const result = await client.ask(request, { timeoutMs });
    return result.error?.code ?? result.status;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
const timer = setInterval(() => ends.push(send()), everyMs);
process.stdin.resume();
process.stdin.once("end", async () => {
  clearInterval(timer);
  const counts: Record<string, number> = {};
  for (const end of await Promise.all(ends)) counts[end] = (counts[end] ?? 0) + 1;
  console.log(JSON.stringify(counts));
  await client.close();
});
