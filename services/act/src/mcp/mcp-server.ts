// One MCP server: connected, its tools known, and connected again after it was lost.
//
//   connecting → ready → waiting → connecting …    the connection was lost, and is tried again after a growing pause
//   connecting → waiting                           it could not be connected
//   any → closed
//
// Tools that were seen once stay known: while the server is away they are named as unavailable, and not as unknown.
import { Client, type Tool as ListedTool } from "@modelcontextprotocol/client";
import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import { coerceError, type NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type Backoff, backoffMs } from "@nocp/contracts/retry.ts";
import type { SchemaValidator } from "@nocp/contracts/schemas/schema-validator.ts";
import type { Tool } from "../tool.ts";
import { failureOfCall, isConnectionLost, unavailable } from "./call-failure.ts";
import { type McpCall, mcpTool } from "./mcp-tool.ts";
import { type OpenTransport, openTransport, type TransportOptions } from "./open-transport.ts";
import { type McpServerSettings, withVariables } from "./server-settings.ts";

export type McpServerState = "connecting" | "ready" | "waiting" | "closed";

export interface McpServer {
  readonly name: string;
  readonly state: McpServerState;
  /** Why it is waiting. */
  readonly problem: string | undefined;
  /** The protocol's revision that was agreed on; absent before the first connection. */
  readonly protocolVersion: string | undefined;
  readonly tools: readonly Tool[];
  /** Resolves when the first attempt to connect has ended, whichever way. */
  readonly tried: Promise<void>;
  /** @throws NocpError TOOL_UNAVAILABLE while it is not connected. */
  assertReady(): void;
  close(): Promise<void>;
}

export interface McpServerOptions extends Omit<TransportOptions, "onLine"> {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly schemas: SchemaValidator;
  readonly backoff: Backoff;
  readonly connectTimeoutMs: number;
  readonly logger: ServerLogger;
}

export interface ServerLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

const clientIdentity = { name: "nocp", version: "0.1.0" };
/** An older server that is silent when it is asked what it speaks is asked the old way after this. */
const probeTimeoutMs = 5_000;
/** A connection that held this long makes up for the failures before it. */
const steadyMs = 30_000;

interface Connection {
  readonly client: Client;
  readonly opened: OpenTransport;
}

export function startMcpServer(name: string, settings: McpServerSettings, options: McpServerOptions): McpServer {
  const { environment, schemas, backoff, connectTimeoutMs, logger } = options;
  let state: McpServerState = "connecting";
  let connection: Connection | undefined;
  let tools: readonly Tool[] = [];
  let problem: string | undefined;
  let protocolVersion: string | undefined;
  let failures = 0;
  let retryAt = 0;
  let readyAt = 0;
  let timer: NodeJS.Timeout | undefined;
  const stopping = new AbortController();
  const tried = Promise.withResolvers<void>();

  const call = async ({ name: tool, arguments: input, meta, signal, timeoutMs }: McpCall) => {
    assertReady();
    const used = connection;
    if (used === undefined) throw unavailable(name, "it is being connected");
    try {
      return await used.client.callTool({ name: tool, arguments: input, _meta: { ...meta } }, { signal, timeout: timeoutMs });
    } catch (error) {
      signal.throwIfAborted();
      const failure = failureOfCall(error, name);
      if (isConnectionLost(error)) lose(used, failure.message);
      throw failure;
    }
  };
  const adopt = (listed: readonly ListedTool[]): void => {
    tools = listed
      .filter(({ name: tool }) => settings.tools === undefined || settings.tools.includes(tool))
      .flatMap((tool) => {
        try {
          return [mcpTool(tool, { server: name, timeoutMs: settings.timeoutMs, schemas, call })];
        } catch (error) {
          logger.warn({ server: name, problem: coerceError(error).message }, "a tool of an MCP server is left out");
          return [];
        }
      });
  };

  const connect = async (): Promise<void> => {
    state = "connecting";
    let own: Connection | undefined;
    try {
      const opened = openTransport(withVariables(settings, environment), { ...options, onLine });
      const current = { client: createClient(adopt, schemas), opened };
      own = current;
      const onTimeout = () => new Error(`it did not answer within ${connectTimeoutMs} ms`);
      await withTimeLimit(
        async (signal) => {
          await current.client.connect(opened.transport, { signal, timeout: connectTimeoutMs });
          opened.watch();
          adopt((await current.client.listTools(undefined, { signal, timeout: connectTimeoutMs })).tools);
        },
        { timeoutMs: connectTimeoutMs, onTimeout, signal: stopping.signal },
      );
      connection = current;
      state = "ready";
      problem = undefined;
      readyAt = performance.now();
      protocolVersion = current.client.getNegotiatedProtocolVersion();
      current.client.onclose = () => lose(current, opened.ending ?? "it ended");
      logger.info({ server: name, tools: tools.length, protocolVersion }, "an MCP server is connected");
    } catch (error) {
      if (own) await end(own);
      if (!stopping.signal.aborted) retryLater(reasonOf(error));
    } finally {
      tried.resolve();
    }
  };
  const retryLater = (reason: string): void => {
    state = "waiting";
    problem = reason;
    failures += 1;
    const delayMs = backoffMs(failures, backoff, Math.random());
    retryAt = performance.now() + delayMs;
    logger.warn({ server: name, problem, retryInMs: delayMs }, "an MCP server is not available");
    timer = setTimeout(() => void connect(), delayMs);
  };
  const lose = (lost: Connection, reason: string): void => {
    if (connection !== lost || state !== "ready") return;
    connection = undefined;
    if (performance.now() - readyAt >= steadyMs) failures = 0;
    void end(lost);
    retryLater(reason);
  };
  const onLine = (line: string): void => logger.info({ server: name, line }, "an MCP server wrote a line");
  const assertReady = (): void => {
    if (state === "ready") return;
    const retryAfterMs = state === "waiting" ? Math.max(0, Math.ceil(retryAt - performance.now())) : 0;
    throw unavailable(name, problem ?? "it is being connected", undefined, retryAfterMs);
  };

  void connect();
  return {
    name,
    get state() {
      return state;
    },
    get problem() {
      return problem;
    },
    get protocolVersion() {
      return protocolVersion;
    },
    get tools() {
      return tools;
    },
    tried: tried.promise,
    assertReady,
    async close() {
      state = "closed";
      problem = "the service is being stopped";
      clearTimeout(timer);
      stopping.abort(new Error("the service is being stopped"));
      const last = connection;
      connection = undefined;
      if (last) await end(last);
    },
  };
}

/** The newest revision that both sides speak; servers that know only sessions are greeted the old way. */
function createClient(onTools: (tools: readonly ListedTool[]) => void, schemas: SchemaValidator): Client {
  return new Client(clientIdentity, {
    versionNegotiation: { mode: "auto", probe: { timeoutMs: probeTimeoutMs } },
    // Nobody is there whom a server could ask.
    inputRequired: { autoFulfill: false },
    listChanged: { tools: { onChanged: (_error, tools) => tools && onTools(tools) } },
    // Schemas of servers may hold expressions that take for ever: NOCP's own validator has a time limit.
    jsonSchemaValidator: {
      getValidator<T>(schema: object) {
        const findMismatch = schemas.compile({ ...schema });
        return (input: unknown) => {
          const mismatch = findMismatch(input);
          return mismatch === undefined
            ? { valid: true as const, data: input as T, errorMessage: undefined }
            : { valid: false as const, data: undefined, errorMessage: mismatch };
        };
      },
    },
  });
}

async function end({ client, opened }: Connection): Promise<void> {
  client.onclose = () => {};
  // A server that cannot be closed is gone already.
  await client.close().catch(() => {});
  await opened.transport.close().catch(() => {});
  await opened.release();
}

/** What is at the bottom of a failed connection: a message such as "fetch failed" says nothing. */
function reasonOf(error: unknown): string {
  const { message, cause } = coerceError(error) as Error | NocpError;
  return cause instanceof Error && cause.message !== "" && !message.includes(cause.message)
    ? `${message}: ${reasonOf(cause)}`
    : message;
}
