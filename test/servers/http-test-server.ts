// A server of a test: reads every request whole, then answers it. What goes wrong in it is reported when it is closed. A
// client that hangs up while it sends or waits is no fault; tests of deadlines and cancellations do that all the time.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface HttpCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
  /** Aborted when the client hangs up or the server is closed: pass it to whatever waits. */
  readonly signal: AbortSignal;
}

export interface HttpTestServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Ends all connections and waits for what was being answered. Rejects with what went wrong in the server, if anything did. */
  close(): Promise<void>;
}

export async function startHttpTestServer(answer: (call: HttpCall) => void | Promise<void>): Promise<HttpTestServer> {
  const errors: unknown[] = [];
  const running = new Set<Promise<void>>();
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const hangUp = new AbortController();
    response.once("close", () => hangUp.abort());
    try {
      const body = await buffer(request);
      await answer({ request, response, body, signal: hangUp.signal });
    } catch (error) {
      if (hangUp.signal.aborted || request.errored) return;
      errors.push(error);
      response.destroy();
    }
  };
  const server = createServer((request, response) => {
    const answered = respond(request, response).finally(() => running.delete(answered));
    running.add(answered);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await Promise.all([closed, ...running]);
      if (errors.length > 0) throw new AggregateError(errors, `the test's server failed: ${errors.join("; ")}`);
    },
  };
}
