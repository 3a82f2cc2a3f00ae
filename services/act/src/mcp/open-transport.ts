// The way to one MCP server: the pipes of a process, or HTTP.
import { Readable } from "node:stream";
import { StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { watchMemory } from "../process/memory-watch.ts";
import type { OrphanGuard } from "../process/orphan-guard.ts";
import { readLines } from "../process/output-lines.ts";
import { createCheckedFetch } from "./checked-fetch.ts";
import type { McpServerSettings } from "./server-settings.ts";

export interface TransportOptions {
  /** Most memory that a server's process may have, in MiB. */
  readonly memoryMiB: number;
  readonly maxResultBytes: number;
  readonly httpAllowPrivate: readonly string[];
  /** Ends processes that outlive this one. */
  readonly guard: OrphanGuard;
  readonly onLine: (line: string) => void;
}

export interface OpenTransport {
  readonly transport: Transport;
  /** Call it once the transport has started. */
  watch(): void;
  /** What ended the server from here, for its users to read. */
  readonly ending: string | undefined;
  /** After the transport was closed. */
  release(): Promise<void>;
}

/** A server says the same twice, as text and as data, and text is escaped. */
const messageBytes = (maxResultBytes: number): number => 3 * maxResultBytes + 1024 * 1024;

/** @param settings with their variables replaced. */
export const openTransport = (settings: McpServerSettings, options: TransportOptions): OpenTransport =>
  settings.url === undefined ? openProcess(settings, options) : openHttp(settings, new URL(settings.url), options);

/** The process knows nothing of the environment but PATH, HOME and the like, and what its settings name. */
function openProcess(settings: McpServerSettings, options: TransportOptions): OpenTransport {
  const { command = "", args, env, cwd } = settings;
  const { memoryMiB, guard, onLine } = options;
  const transport = new StdioClientTransport({
    command,
    args,
    env,
    ...(cwd === undefined ? {} : { cwd }),
    stderr: "pipe",
    maxBufferSize: messageBytes(options.maxResultBytes),
  });
  const errors = transport.stderr;
  if (errors instanceof Readable) {
    readLines(errors, {
      onLine: (line) => {
        if (line.trim() !== "") onLine(line);
      },
      isWanted: () => true,
    });
  }
  let pid: number | null = null;
  let ending: string | undefined;
  let stopWatching = (): void => {};
  return {
    transport,
    watch() {
      pid = transport.pid;
      if (pid === null) return;
      const own = pid;
      guard.add(own);
      const memory = watchMemory({ pid: own, limitMiB: memoryMiB, countsDescendants: false }, () => {
        ending = `it took more than ${memoryMiB} MiB of memory`;
        process.kill(own, "SIGKILL");
      });
      memory.start();
      stopWatching = memory.stop;
    },
    get ending() {
      return ending;
    },
    async release() {
      stopWatching();
      if (pid !== null) guard.remove(pid);
    },
  };
}

function openHttp(settings: McpServerSettings, url: URL, options: TransportOptions): OpenTransport {
  const { headers, allowPrivate } = settings;
  const checked = createCheckedFetch({
    url,
    allowPrivate,
    httpAllowPrivate: options.httpAllowPrivate,
    maxBytes: messageBytes(options.maxResultBytes),
  });
  const transport = new StreamableHTTPClientTransport(url, { fetch: checked.fetch, requestInit: { headers } });
  return { transport, watch: () => {}, ending: undefined, release: checked.close };
}
