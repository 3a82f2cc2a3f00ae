// NOCP's own request as an HTTP client sends it: what its key allows, and the id that makes sending it twice harmless.
import { createHash } from "node:crypto";
import { allowsModel } from "@nocp/contracts/gateway-key.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import { type NocpRequestInput, requestIdPattern } from "@nocp/contracts/request.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import { InvalidField } from "@nocp/models/server-api.ts";
import type { Access } from "../authenticate.ts";
import { autoModel, NotAllowed } from "../compose-request.ts";

export interface ReadRequest {
  readonly request: NocpRequestInput & { readonly requestId: string; readonly tenant: string };
  /** Address that is told of the result. */
  readonly webhook: string | undefined;
  /** Of everything that the client sent: the same key with another digest is a mistake. */
  readonly digest: string;
}

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** Set by the gateway alone. */
const ownFields = ["native", "key"] as const;
const idempotencyKeyPattern = /^[\x21-\x7e]{1,255}$/;

/**
 * The rest of the request is checked when it is submitted.
 * @throws InvalidField; NotAllowed for what the key does not allow.
 */
export function readRequest(body: unknown, idempotencyKey: string | undefined, access: Access): ReadRequest {
  if (!isObject(body)) throw new InvalidField("body", "must be a JSON object");
  const { webhook, ...fields } = body;
  for (const name of ownFields) if (fields[name] !== undefined) throw new InvalidField(name, "is set by the gateway alone");
  if (fields.tenant !== undefined && fields.tenant !== access.tenant)
    throw new NotAllowed("tenant", "the key belongs to another tenant");
  checkAllowed(fields, access);
  const requestId = requestIdOf(fields, idempotencyKey, access.tenant);
  const request = { ...fields, requestId, tenant: access.tenant, ...access.billed } as ReadRequest["request"];
  return { request, webhook: webhookOf(webhook), digest: createHash("sha256").update(writeJson(body)).digest("hex") };
}

/** Wrong types are for the schema to name. */
function checkAllowed({ routing, lane = "interactive" }: Fields, access: Access): void {
  const route = isObject(routing) ? routing : {};
  const fallbacks = Array.isArray(route.fallbacks) ? route.fallbacks.filter(isObject) : [];
  const refused = [route, ...fallbacks].map(nameOf).find((name) => !allowsModel(access, name));
  if (refused !== undefined) throw new NotAllowed("routing", `the key does not allow ${refused}`);
  if (access.lanes.length > 0 && !access.lanes.some((allowed) => allowed === lane))
    throw new NotAllowed("lane", `the key does not allow the lane ${String(lane)}`);
}

/** As clients of the other endpoints write it. */
const nameOf = ({ provider, model }: Fields): string => {
  const parts = [provider, model].filter((part) => typeof part === "string");
  return parts.length === 0 ? autoModel : parts.join("/");
};

function requestIdOf({ requestId }: Fields, key: string | undefined, tenant: string): string {
  if (requestId !== undefined && !(typeof requestId === "string" && requestIdPattern.test(requestId)))
    throw new InvalidField("requestId", "must be a UUID");
  if (key === undefined) return (requestId as string | undefined)?.toLowerCase() ?? createRequestId();
  if (!idempotencyKeyPattern.test(key)) throw new InvalidField("Idempotency-Key", "must be 1 to 255 characters without spaces");
  const keyed = requestIdPattern.test(key) ? key.toLowerCase() : uuidOf(`${tenant} ${key}`);
  if (requestId !== undefined && (requestId as string).toLowerCase() !== keyed)
    throw new InvalidField("requestId", "differs from the id that Idempotency-Key stands for; leave one of them out");
  return keyed;
}

/** Version 8 of RFC 9562: the bits are a digest. */
export function uuidOf(name: string): string {
  const bytes = createHash("sha256").update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function webhookOf(webhook: unknown): string | undefined {
  if (webhook === undefined || webhook === null) return undefined;
  if (isObject(webhook) && typeof webhook.url === "string") return webhook.url;
  throw new InvalidField("webhook", "must be an object with a url");
}
