// The latency of small requests while a large one is under way, and the time to an answer of /healthz.
import type { Client } from "@nocp/client/create-client.ts";
import type { HttpCaller } from "../load/http-caller.ts";
import { type Distribution, distributionOf } from "../load/percentiles.ts";
import { isHttp, type LargeRequests, type Way } from "./large-requests.ts";
import type { HealthWatch } from "./watch-health.ts";

export interface Neighbour {
  /** Latencies of small requests, in milliseconds. */
  readonly latencyMs: Distribution;
  readonly healthMs: number;
  /** Large requests that ended meanwhile. */
  readonly largeRequests: number;
}

export interface SmallRequests {
  readonly client: Client;
  readonly http: HttpCaller;
  readonly model: string;
  /** Measured, one after the other. */
  readonly count: number;
}

async function sendSmall(way: Way, { client, http, model }: SmallRequests): Promise<void> {
  if (isHttp(way)) return http.call();
  const { status } = await client.ask({
    tenant: "quiet",
    query: "When does the harbour office open?",
    documents: [{ text: "The harbour office opens at 06:30." }],
    routing: { model, cache: "off" },
  });
  if (status === "failed") throw new Error("a small request failed");
}

/** @param text that is sent again and again until the small requests are done; without one, they are alone. */
export async function measureNeighbour(
  way: Way,
  text: string | undefined,
  small: SmallRequests,
  { large, health }: { readonly large: LargeRequests; readonly health: HealthWatch },
): Promise<Neighbour> {
  let isDone = false;
  let largeRequests = 0;
  const sendAll = async () => {
    while (!isDone && text !== undefined) {
      await large.send(way, text);
      largeRequests++;
    }
  };
  health.worstMs();
  const sending = sendAll();
  const latenciesMs: number[] = [];
  // Small requests go on until a large one has been through: it is not only its beginning that counts.
  while (latenciesMs.length < small.count || (text !== undefined && largeRequests === 0)) {
    const sentAt = performance.now();
    await sendSmall(way, small);
    latenciesMs.push(performance.now() - sentAt);
  }
  isDone = true;
  const healthMs = health.worstMs();
  await sending;
  return { latencyMs: distributionOf(latenciesMs), healthMs, largeRequests };
}
