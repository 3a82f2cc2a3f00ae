// SIGTERM on the process of the gateway: what runs may end, nothing new begins, and the next process takes over.
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";
import { useGatewayDeployment } from "../fixtures/gateway-deployment.ts";

const gracePeriodMs = 6_000;
const gateway = useGatewayDeployment(() => ({ NOCP_MESSAGING_GRACE_PERIOD_MS: String(gracePeriodMs) }));
afterEach(() => gateway.deployment.untilReady());

const body = { model: "openai-compatible/scripted-1", messages: [{ role: "user" as const, content: "Hi" }] };
const openStream = () =>
  new OpenAI({ apiKey: "any", baseURL: `${gateway.url}/v1`, maxRetries: 0 }).chat.completions.create({ ...body, stream: true });
const call = (init: RequestInit = {}) =>
  fetch(`${gateway.url}/v1/chat/completions`, {
    ...init,
    method: "POST",
    headers: { "content-type": "application/json", "x-nocp-cache": "off" },
    body: JSON.stringify(body),
  });

function process() {
  const found = gateway.deployment.processes.find(({ service }) => service === "gateway");
  if (!found) throw new Error("there is no gateway");
  return found;
}

/** @returns the status of the first call that is not answered. */
async function statusOfRefusal(): Promise<number> {
  let status = 200;
  await waitFor(async () => {
    // A call that came before the signal may wait behind others: the next one tells sooner.
    const response = await call({ signal: AbortSignal.timeout(500) });
    await response.body?.cancel();
    status = response.status;
    return status !== 200;
  }, "a call to be refused");
  return status;
}

test("a stream that is open is sent to its end, while new calls are refused", async () => {
  const pieces = Array.from({ length: 40 }, (_, index) => `${index} `);
  gateway.vendor.answer(({ stream }) => (stream === true ? { text: pieces, pauseMs: 100 } : { text: ["Hello."] }));
  let text = "";
  let isOver = false;
  let refusal: Promise<{ status: number; isOver: boolean }> | undefined;
  const { restarts, pid } = process();
  for await (const { choices } of await openStream()) {
    text += choices[0]?.delta.content ?? "";
    if (text === "" || refusal) continue;
    process().kill("SIGTERM");
    refusal = statusOfRefusal().then((status) => ({ status, isOver }));
  }
  isOver = true;
  expect(text).toBe(pieces.join(""));
  expect(await refusal).toEqual({ status: 503, isOver: false });
  await waitFor(() => process().restarts > restarts, "the next process");
  await gateway.deployment.untilReady();
  expect(process().pid).not.toBe(pid);
  expect((await call()).status).toBe(200);
});
test("a stream that lasts longer than the grace period ends in an error, and its call at the vendor is ended", async () => {
  gateway.vendor.answer(() => ({ text: Array.from({ length: 1_000 }, () => "x"), pauseMs: 100 }));
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...body, stream: true }),
  });
  const { restarts } = process();
  const { body: answer } = response;
  if (answer === null) throw new Error("the answer has no body");
  let sent = "";
  for await (const piece of answer.pipeThrough(new TextDecoderStream())) {
    if (sent === "") process().kill("SIGTERM");
    sent += piece;
  }
  expect(sent).toContain("NOCP's gateway is stopping");
  expect(sent).not.toContain("[DONE]");
  expect(await gateway.vendor.calls.at(-1)?.ended).toBe("hung up");
  await waitFor(() => process().restarts > restarts, "the next process");
});
