// The MCP servers of the settings, in the form that MCP clients share: names, and under each a command or a URL.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import { z } from "zod";

const second = 1000;
/** setTimeout fires at once above 2^31-1 ms. */
const maxTimeoutMs = 3_600_000;

/** What comes before the dot in the names of its tools. */
const serverNamePattern = /^[a-z][a-z0-9_-]{0,31}$/;
/** Of NOCP's own tools. */
const takenNames = new Set(["context", "file", "http", "sql"]);

const isHttpUrl = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
};

const serverSchema = z
  .strictObject({
    /** Other programs write it; command and url say it already. */
    type: z.enum(["stdio", "http", "streamable-http", "streamableHttp"]).optional(),
    command: z.string().min(1).optional(),
    args: z.array(z.string()).default([]),
    env: z.record(z.string(), z.string()).default({}),
    cwd: z.string().min(1).optional(),
    url: z.string().optional(),
    headers: z.record(z.string(), z.string()).default({}),
    allowPrivate: z.boolean().default(false),
    tools: z.array(z.string().min(1)).optional(),
    timeoutMs: z
      .int()
      .positive()
      .max(maxTimeoutMs)
      .default(60 * second),
    disabled: z.boolean().default(false),
  })
  .refine(({ command, url }) => (command === undefined) !== (url === undefined), "needs a command or a url, and not both");

export type McpServerSettings = Omit<z.infer<typeof serverSchema>, "type" | "disabled">;

/** The form of the setting. What a server says of itself is checked by name, so that the message says which is wrong. */
export const mcpServersSchema: z.ZodType<Record<string, unknown>> = z
  .record(z.string(), z.unknown())
  .superRefine((servers, check) => {
    for (const [name, server] of Object.entries(servers)) {
      const problem = problemOf(name, server);
      if (problem !== undefined) check.addIssue({ code: "custom", message: `${name.slice(0, 64)}: ${problem}` });
    }
  });

function problemOf(name: string, server: unknown): string | undefined {
  if (!serverNamePattern.test(name)) return "the name must be lower case letters, digits, - and _, at most 32";
  if (takenNames.has(name)) return "NOCP's own tools have this name: choose another";
  const parsed = serverSchema.safeParse(server);
  return parsed.success ? undefined : describeProblems(parsed.error);
}

/** The servers that are not disabled, with every default filled in. @param servers as the setting holds them. */
export const enabledServers = (servers: Readonly<Record<string, unknown>>): ReadonlyMap<string, McpServerSettings> =>
  new Map(
    Object.entries(servers)
      .map(([name, server]) => [name, serverSchema.parse(server)] as const)
      .filter(([, { disabled }]) => !disabled),
  );

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings with `${NAME}` and `${NAME:-default}` replaced, so that the file of the settings need hold no secret.
 * @throws NocpError INVALID_CONFIGURATION for a variable that is not set, or for a URL that is none.
 */
export function withVariables(settings: McpServerSettings, environment: Environment): McpServerSettings {
  const expand = (text: string): string => expandVariables(text, environment);
  const expandAll = (texts: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, expand(text)]));
  const { command, args, env, cwd, url, headers } = settings;
  const expanded = url === undefined ? undefined : expand(url);
  if (expanded !== undefined && !isHttpUrl(expanded)) {
    throw new NocpError("INVALID_CONFIGURATION", "url must be an http or https URL without user name and password", {
      advice: "Send credentials in headers.",
    });
  }
  return {
    ...settings,
    ...(command === undefined ? {} : { command: expand(command) }),
    ...(cwd === undefined ? {} : { cwd: expand(cwd) }),
    ...(expanded === undefined ? {} : { url: expanded }),
    args: args.map(expand),
    env: expandAll(env),
    headers: expandAll(headers),
  };
}

const expandVariables = (text: string, environment: Environment): string =>
  text.replace(/\$\{([^${}]*)\}/g, (written, inside: string) => {
    const [name = "", ...fallback] = inside.split(":-");
    if (!/^\w+$/.test(name)) return written;
    const value = environment[name] || (fallback.length > 0 ? fallback.join(":-") : undefined);
    if (value !== undefined) return value;
    throw new NocpError("INVALID_CONFIGURATION", `the environment has no variable ${name}`);
  });
