// /metrics, /healthz and /readyz of a service.
//
// Three fixed routes on Node's own server: a web framework would double what each of five processes has to load.
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { Registry } from "prom-client";
import { renderMetrics } from "../telemetry/render-metrics.ts";
import type { BrokerProblem } from "../transport/broker-watch.ts";

export interface OperationsServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface Unreadiness {
  readonly reason: string;
  /** Set where the broker is the reason. */
  readonly cause?: BrokerProblem["cause"] | undefined;
}

export interface OperationsOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly registry: Registry;
  /** Why the service cannot take work now; `undefined` when it can. */
  readonly unreadiness: () => Unreadiness | undefined;
  /** What /readyz says besides. */
  readonly details: () => Readonly<Record<string, string | undefined>>;
}

interface Answer {
  readonly status: number;
  readonly allow?: string;
  readonly type: string;
  readonly body: string;
}

const routes: ReadonlySet<string> = new Set(["/metrics", "/healthz", "/readyz"]);

const json = (status: number, value: unknown): Answer => ({ status, type: "application/json", body: JSON.stringify(value) });

/**
 * `/healthz` answers as long as the event loop turns: it knows nothing of the broker, so that an outage there does
 * not restart every service. `/readyz` answers 503 with the reason until work is taken.
 * @throws Error when the address cannot be listened on.
 */
export async function startOperationsServer(options: OperationsOptions): Promise<OperationsServer> {
  const answerTo = async (path: string, { method, headers }: IncomingMessage): Promise<Answer> => {
    if (!routes.has(path)) return json(404, { error: "there are /metrics, /healthz and /readyz" });
    if (method !== "GET" && method !== "HEAD") return { ...json(405, { error: `${path} is only read` }), allow: "GET, HEAD" };
    if (path === "/healthz") return json(200, { status: "ok" });
    if (path === "/readyz") {
      const unready = options.unreadiness();
      const details = options.details();
      return unready === undefined
        ? json(200, { status: "ready", ...details })
        : json(503, { status: "unready", ...unready, ...details });
    }
    const { contentType, body } = await renderMetrics(options.registry, headers.accept);
    return { status: 200, type: contentType, body };
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    answerTo(path, request).then(
      ({ status, type, body, allow }) =>
        response.writeHead(status, { "content-type": type, ...(allow === undefined ? {} : { allow }) }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(options.port, options.host);
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : options.port,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
