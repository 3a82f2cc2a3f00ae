// One MCP server: connected, its tools known, and connected again after it was lost.
//
//   connecting → ready → waiting → connecting …    the connection was lost, and is tried again after a growing pause
//   connecting → waiting                           it could not be connected
//   any → closed
//
// Tools that were seen once stay known: while the server is away they are named as unavailable, and not as unknown.
import type { Tool as ListedTool } from "@modelcontextprotocol/client";
import { coerceError, type NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type Backoff, backoffMs } from "@nocp/contracts/retry.ts";
import type { SchemaValidator } from "@nocp/contracts/schemas/schema-validator.ts";
import type { Tool } from "../tool.ts";
import { failureOfCall, isConnectionLost, unavailable } from "./call-failure.ts";
import { type Connection, endConnection, openConnection } from "./connection.ts";
import { type CallServer, type McpCall, mcpTool } from "./mcp-tool.ts";
import { openTransport, type TransportOptions } from "./open-transport.ts";
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

/** A connection that held this long makes up for the failures before it. */
const steadyMs = 30_000;

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
    tools = usableTools(listed, name, { settings, schemas, logger, call });
  };

  const connect = async (): Promise<void> => {
    state = "connecting";
    try {
      const opened = openTransport(withVariables(settings, environment), { ...options, onLine });
      const wanted = { schemas, connectTimeoutMs, signal: stopping.signal, onTools: adopt };
      const current = await openConnection(opened, wanted);
      connection = current;
      state = "ready";
      problem = undefined;
      readyAt = performance.now();
      protocolVersion = current.client.getNegotiatedProtocolVersion();
      current.client.onclose = () => lose(current, opened.ending ?? "it ended");
      logger.info({ server: name, tools: tools.length, protocolVersion }, "an MCP server is connected");
    } catch (error) {
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
    void endConnection(lost);
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
      if (last) await endConnection(last);
    },
  };
}

interface ToolsOptions extends Pick<McpServerOptions, "schemas" | "logger"> {
  readonly settings: McpServerSettings;
  readonly call: CallServer;
}

/** Of those that a server lists: what the settings ask for, and has a schema that can be checked. */
const usableTools = (listed: readonly ListedTool[], server: string, options: ToolsOptions): Tool[] => {
  const { settings, schemas, logger, call } = options;
  const wanted = listed.filter(({ name }) => settings.tools === undefined || settings.tools.includes(name));
  return wanted.flatMap((tool) => {
    try {
      return [mcpTool(tool, { server, timeoutMs: settings.timeoutMs, schemas, call })];
    } catch (error) {
      logger.warn({ server, problem: coerceError(error).message }, "a tool of an MCP server is left out");
      return [];
    }
  });
};

/** What is at the bottom of a failed connection: a message such as "fetch failed" says nothing. */
function reasonOf(error: unknown): string {
  const { message, cause } = coerceError(error) as Error | NocpError;
  return cause instanceof Error && cause.message !== "" && !message.includes(cause.message)
    ? `${message}: ${reasonOf(cause)}`
    : message;
}
