// The settings of act: what tools may reach, and how much of it.
import { defineSection, type SectionValues, setting } from "@nocp/contracts/settings/setting.ts";
import { problemOfPattern } from "@nocp/runtime/network/host-pattern.ts";
import { z } from "zod";
import { secretNames } from "./files/secret-names.ts";
import { mcpServersSchema } from "./mcp/server-settings.ts";

const KiB = 1024;
const MiB = 1024 * KiB;
const second = 1000;

/** A pattern that nothing matches is a mistake that would show only as a refused call. */
const hostPatterns = (hasPort: boolean): z.ZodType<string[]> =>
  z.array(z.string().min(1)).superRefine((patterns, check) => {
    for (const pattern of patterns) {
      const problem = problemOfPattern(pattern, hasPort);
      if (problem !== undefined)
        check.addIssue({ code: "custom", message: `${JSON.stringify(pattern.slice(0, 100))} ${problem}` });
    }
  });

export const actSection = defineSection("act", {
  toolsDir: setting(z.string(), "", "Folder of your own tools; empty for none.", { aliases: ["NOCP_TOOLS_DIR"] }),
  toolConcurrency: setting(
    z.int().min(1).max(1024),
    16,
    "Tools that one act process runs at once, over all requests; your own tools run in a process each.",
  ),
  toolMemoryMiB: setting(
    z.int().min(128),
    512,
    "Memory limit of a tool's process, including the processes that it starts, in MiB; a process that exceeds it is killed, and its call fails.",
  ),
  toolWarmProcesses: setting(z.int().min(0).max(64), 1, "Idle processes that are kept for your own tools."),
  toolIdleMs: setting(z.int().min(0), 30 * second, "How long other idle processes are kept, in milliseconds."),
  mcpServers: setting(
    mcpServersSchema,
    {},
    'MCP servers whose tools requests may use, by name, as {"weather":{"command":"weather-server"},"search":{"url":"https://example.com/mcp"}}.',
    { secret: true },
  ),
  mcpConnectTimeoutMs: setting(
    z
      .int()
      .min(100)
      .max(600 * second),
    20 * second,
    "How long an MCP server may take to start and to list its tools, in milliseconds.",
  ),
  mcpRetryMaxMs: setting(
    z
      .int()
      .min(1)
      .max(3600 * second),
    60 * second,
    "Longest wait before an MCP server that was lost is started or connected again, in milliseconds.",
  ),
  maxCallsPerRound: setting(
    z.int().min(1).max(1024),
    32,
    "How many of the calls that a model makes at once are run; the others get an error, which the model sees.",
  ),
  acceptKeys: setting(
    z.boolean(),
    false,
    "Whether requests that do not come from a gateway of the deployment may name the key that is billed. Use it only if no one else can submit requests to the broker.",
  ),
  deadlineShare: setting(
    z.number().gt(0).max(1),
    0.5,
    "Share of the time until a request's deadline that its tools may use; the rest is left for the model.",
  ),
  maxResultBytes: setting(z.int().min(KiB), 4 * MiB, "Largest result of one tool, in bytes of JSON."),
  maxTotalResultBytes: setting(
    z.int().min(KiB),
    16 * MiB,
    "Largest total of the results of a request's tools, in bytes of JSON; calls that exceed it fail, in order. The tools that the model calls have a separate limit of the same size.",
  ),
  retryBaseMs: setting(
    z.int().min(1),
    200,
    "Longest wait before the first retry of a tool, in milliseconds; doubles with each retry.",
  ),
  retryMaxMs: setting(z.int().min(1), 5 * second, "Longest wait before any retry of a tool, in milliseconds."),
  cacheMaxBytes: setting(z.int().min(0), 32 * MiB, "Memory for results that tools allow to be cached, in bytes; 0 for none."),
  fileRoots: setting(z.array(z.string().min(1)), ["."], "Folders that the file and SQL tools may read."),
  fileDeny: setting(
    z.array(z.string().min(1)),
    [...secretNames],
    "Names of files and folders that tools may not read, even in fileRoots; * stands for any characters, and a slash for a file in a folder (.docker/config.json).",
  ),
  httpHosts: setting(
    hostPatterns(true),
    [],
    "Hosts that http.get may call: example.com, *.example.com, example.com:8080, example.com:*.",
  ),
  httpAllowPrivate: setting(
    hostPatterns(false),
    [],
    "Hosts of httpHosts that may have private or loopback addresses, without port.",
  ),
});

export type ActSettings = SectionValues<typeof actSection>;
