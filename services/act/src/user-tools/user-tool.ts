// What act and the processes of users' tools tell each other about a tool and a call of it.
import type { OfferedTool } from "@nocp/contracts/prompt.ts";
import type { Tool, ToolContext } from "../tool.ts";

/** All that act knows of a user's tool: its code runs in other processes alone. */
export interface DescribedTool
  extends Pick<Tool, "name" | "description" | "example" | "timeoutMs" | "idempotent" | "maxAttempts" | "cacheTtlMs"> {
  readonly parameters: OfferedTool["parameters"];
  readonly declaresSettings: boolean;
}

/** One attempt. */
export interface UserToolCall extends Pick<ToolContext, "timeoutMs" | "maxResultBytes" | "attempt" | "callKey"> {
  readonly path: string;
  /** With integers that a double does not hold as BigInts. */
  readonly input: unknown;
  readonly traceparent?: string | undefined;
}

/** JSON of what the tool returned, within its limits. */
export type UserToolAnswer = string;
