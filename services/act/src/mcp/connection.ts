// A connection to an MCP server: opened with a time limit, and ended with all that belongs to it.
import { Client, type Tool as ListedTool } from "@modelcontextprotocol/client";
import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import type { SchemaValidator } from "@nocp/contracts/schemas/schema-validator.ts";
import type { OpenTransport } from "./open-transport.ts";

export interface Connection {
  readonly client: Client;
  readonly opened: OpenTransport;
}

export interface ConnectionOptions {
  readonly schemas: SchemaValidator;
  readonly connectTimeoutMs: number;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
  /** When they are listed first, and whenever the server says that they have changed. */
  readonly onTools: (tools: readonly ListedTool[]) => void;
}

const clientIdentity = { name: "nocp", version: "0.1.0" };
/** An older server that is silent when it is asked what it speaks is asked the old way after this. */
const probeTimeoutMs = 5_000;

/**
 * Its tools are known when it resolves.
 * @throws what connecting or listing throws; then the transport is closed.
 */
export async function openConnection(opened: OpenTransport, options: ConnectionOptions): Promise<Connection> {
  const { connectTimeoutMs: timeoutMs, signal: stopping, onTools } = options;
  const connection = { client: createClient(options), opened };
  const { client } = connection;
  const onTimeout = () => new Error(`it did not answer within ${timeoutMs} ms`);
  try {
    await withTimeLimit(
      async (signal) => {
        await client.connect(opened.transport, { signal, timeout: timeoutMs });
        opened.watch();
        onTools((await client.listTools(undefined, { signal, timeout: timeoutMs })).tools);
      },
      { timeoutMs, onTimeout, signal: stopping },
    );
    return connection;
  } catch (error) {
    await endConnection(connection);
    throw error;
  }
}

export async function endConnection({ client, opened }: Connection): Promise<void> {
  client.onclose = () => {};
  // A server that cannot be closed is gone already.
  await client.close().catch(() => {});
  await opened.transport.close().catch(() => {});
  await opened.release();
}

/** The newest revision that both sides speak; servers that know only sessions are greeted the old way. */
function createClient({ onTools, schemas }: ConnectionOptions): Client {
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
