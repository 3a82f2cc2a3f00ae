// NOCP's own controls of a call: headers x-nocp-*, the body's field `nocp`, or metadata whose keys begin with nocp_.

import { gatewayCompressionModes, gatewayPathSettings } from "@nocp/contracts/gateway-key.ts";
import { payloadModes } from "@nocp/contracts/payload-mode.ts";
import { requestIdPattern, sessionIdPattern } from "@nocp/contracts/request.ts";
import { modelTiers } from "@nocp/contracts/route.ts";
import { toolDefinitionModes } from "@nocp/contracts/tool-loading.ts";
import { lanes } from "@nocp/contracts/topology.ts";
import { InvalidField } from "@nocp/models/server-api.ts";
import { z } from "zod";

const list = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(","))])
  .transform((names) => names.map((name) => name.trim()).filter((name) => name !== ""));

export const controlsSchema = z.strictObject({
  compression: z.enum(gatewayCompressionModes).optional(),
  compression_ratio: z.coerce.number().gt(0).max(1).optional(),
  lane: z.enum(lanes).optional(),
  session: z.string().regex(sessionIdPattern, "may hold letters, digits, - and _ only").optional(),
  tags: list.pipe(z.array(z.string().max(64)).max(32)).optional(),
  route: list
    .pipe(
      z
        .array(z.string().regex(/^[^/]+\/.+$/, "must be provider/model"))
        .min(1)
        .max(17),
    )
    .optional(),
  strategy: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/, "must be the name of a routing strategy")
    .optional(),
  tier: z.enum(modelTiers).optional(),
  timeout_ms: z.coerce.number().pipe(z.int().positive().max(86_400_000)).optional(),
  max_cost_usd: z.coerce.number().positive().optional(),
  request_id: z.string().regex(requestIdPattern, "must be a UUID").optional(),
  cache: z.enum(["on", "off"]).optional(),
  stream: z.enum(["live", "held"]).optional(),
  tools: list.pipe(z.array(z.string().min(1).max(128)).max(64)).optional(),
  payloads: z.enum(payloadModes).optional(),
  tool_definitions: z.enum(toolDefinitionModes).optional(),
  path: z.enum(gatewayPathSettings).optional(),
});
export type Controls = z.infer<typeof controlsSchema>;
export const controlNames = Object.keys(controlsSchema.shape) as readonly (keyof Controls)[];

const headerPrefix = "x-nocp-";
const metadataPrefix = "nocp_";

/** `compression_ratio` → `x-nocp-compression-ratio` */
export const headerOf = (name: string): string => headerPrefix + name.replaceAll("_", "-");

interface ControlSources {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body's field `nocp`. */
  readonly field: unknown;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A header outranks the field, and the field the metadata. @throws InvalidField naming the control where it was written. */
export function readControls({ headers, field, metadata }: ControlSources): Controls {
  const written: readonly (readonly [where: (name: string) => string, values: Readonly<Record<string, unknown>>])[] = [
    [(name) => `metadata.${metadataPrefix}${name}`, controlsOfMetadata(metadata)],
    [(name) => `nocp.${name}`, fieldValues(field)],
    [headerOf, controlsOfHeaders(headers)],
  ];
  let controls: Controls = {};
  for (const [where, values] of written) {
    if (Object.keys(values).length === 0) continue;
    const checked = controlsSchema.safeParse(values);
    if (!checked.success) throw invalid(checked.error, where);
    controls = { ...controls, ...checked.data };
  }
  return controls;
}

function invalid({ issues }: z.ZodError, where: (name: string) => string): InvalidField {
  const [issue] = issues;
  const name = issue?.code === "unrecognized_keys" ? issue.keys[0] : issue?.path[0];
  const known = `is no control of NOCP; there are ${controlNames.join(", ")}`;
  return new InvalidField(where(String(name)), issue?.code === "unrecognized_keys" ? known : (issue?.message ?? "is wrong"));
}

function fieldValues(field: unknown): Readonly<Record<string, unknown>> {
  if (field === undefined || field === null) return {};
  if (typeof field === "object" && !Array.isArray(field)) return field as Record<string, unknown>;
  throw new InvalidField("nocp", "must be an object");
}

const controlsOfHeaders = (headers: ControlSources["headers"]): Record<string, unknown> =>
  Object.fromEntries(
    Object.keys(headers)
      .filter((name) => name.startsWith(headerPrefix) && headers[name] !== undefined)
      .map((name) => [name.slice(headerPrefix.length).replaceAll("-", "_"), String(headers[name])]),
  );

const controlsOfMetadata = (metadata: ControlSources["metadata"]): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(metadata)
      .filter(([name]) => name.startsWith(metadataPrefix))
      .map(([name, value]) => [name.slice(metadataPrefix.length), value]),
  );

/** What of the metadata is the client's own. */
export const withoutControls = (metadata: ControlSources["metadata"]): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata).filter(([name]) => !name.startsWith(metadataPrefix)));
