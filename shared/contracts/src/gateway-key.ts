// A key of the HTTP API: who calls, and what the caller may do. The key itself is kept nowhere, only its digest.
import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { payloadModes } from "./payload-mode.ts";
import { sessionIdPattern } from "./request.ts";
import { lanes } from "./topology.ts";

/** What the gateway may do with a call: nothing, write results of tools shorter, or what the answer allows. */
export const gatewayCompressionModes = ["off", "lossless", "auto"] as const;
export type GatewayCompression = (typeof gatewayCompressionModes)[number];

/** Which ways a call may take: stored between the stages, or not. */
export const gatewayPaths = ["queue", "direct"] as const;
export type GatewayPath = (typeof gatewayPaths)[number];
/** What may be asked for: `auto` leaves it to the gateway. */
export const gatewayPathSettings = ["auto", ...gatewayPaths] as const;

export const gatewayKeySchema = z.object({
  v: z.literal(1).default(1),
  /** Names the key in commands; it stays when the key is rotated. */
  id: z.string(),
  name: z.string(),
  /** SHA-256 of the key, in hexadecimal. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  tenant: z.string().regex(sessionIdPattern),
  /** What may be named as the model, with `*` at the end for any ending; empty: anything. */
  models: z.array(z.string()),
  /** Empty: all. */
  lanes: z.array(z.enum(lanes)),
  /** Empty or absent: both. */
  paths: z.array(z.enum(gatewayPaths)).optional(),
  /** Whether it may use the endpoints for operators, which show and change what belongs to every tenant. */
  admin: z.boolean().optional(),
  /** What calls get that say nothing of it; `null`: what the gateway's settings say. */
  compression: z.enum(gatewayCompressionModes).nullable(),
  /** The same, of binary data in mode lossless. */
  payloads: z.enum(payloadModes).optional(),
  /** Milliseconds since the epoch. */
  createdAt: z.number(),
  expiresAt: z.number().nullable(),
});
export type GatewayKey = z.infer<typeof gatewayKeySchema>;

/** 256 random bits behind a prefix that secret scanners can look for. */
export const createKeySecret = (): string => `nocp_${randomBytes(32).toString("base64url")}`;
export const createKeyId = (): string => randomBytes(4).toString("hex");

/** A key has too many random bits for a slow hash to add anything. */
export const digestOfKey = (secret: string): string => createHash("sha256").update(secret).digest("hex");

export const isExpired = ({ expiresAt }: Pick<GatewayKey, "expiresAt">, now: number): boolean =>
  expiresAt !== null && expiresAt <= now;

/** Whether a key may name this model. */
export const allowsModel = ({ models }: Pick<GatewayKey, "models">, model: string): boolean =>
  models.length === 0 ||
  models.some((allowed) => (allowed.endsWith("*") ? model.startsWith(allowed.slice(0, -1)) : model === allowed));
