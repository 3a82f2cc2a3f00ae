// The bare pipe: the same streams and consumers, with handlers that do nothing. What the queue itself costs.
import { randomUUID } from "node:crypto";
import { defaultTenant, factSubject, resultSubject, stages } from "@nocp/contracts/topology.ts";
import { startSmallServer } from "../servers/start-server.ts";
import { type Reader, startBareStage } from "./bare-stage.ts";
import { openPlainBroker } from "./open-plain-broker.ts";

export interface BarePipe {
  /** One message through all four streams and back. */
  send(body: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** @param layout `processes`: one for each stage, as the services are; `one-process`: all stages in this one. */
export async function openBarePipe(natsUrl: string, layout: "processes" | "one-process", reader: Reader): Promise<BarePipe> {
  const broker = await openPlainBroker(natsUrl);
  await broker.provision();
  const { connection, jetstream } = broker;
  const stop: (() => void)[] = [];
  for (const stage of stages) {
    if (layout === "one-process") stop.push((await startBareStage(broker, stage, reader)).close);
    else stop.push((await startSmallServer("bare-stage", [natsUrl, stage, reader])).stop);
  }
  return {
    async send(body) {
      const requestId = randomUUID();
      const { promise, resolve } = Promise.withResolvers<void>();
      const subscription = connection.subscribe(resultSubject({ tenant: defaultTenant, requestId }), {
        max: 1,
        callback: () => resolve(),
      });
      await jetstream.publish(factSubject("request.submitted", { tenant: defaultTenant, lane: "interactive", requestId }), body, {
        msgID: requestId,
      });
      await promise;
      subscription.unsubscribe();
    },
    async close() {
      for (const stopStage of stop) stopStage();
      await broker.close();
    },
  };
}
