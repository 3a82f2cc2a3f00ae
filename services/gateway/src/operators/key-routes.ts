// Keys of the HTTP API over HTTP. A key's secret is in the answer that makes it, and nowhere else.
import { gatewayKeySchema } from "@nocp/contracts/gateway-key.ts";
import { sessionIdPattern } from "@nocp/contracts/request.ts";
import { defaultTenant } from "@nocp/contracts/topology.ts";
import { InvalidField } from "@nocp/models/server-api.ts";
import { parseAllowance } from "@nocp/runtime/budgets/budget.ts";
import { z } from "zod";
import { checkInput } from "../check-input.ts";
import { refusal } from "../http-failure.ts";
import type { KeyRights, ShownKey } from "../keys/key-issuer.ts";
import type { AddRoutes } from "../route-tools.ts";
import { allowanceSchema } from "./budget-routes.ts";
import type { OperatorWork } from "./operator-work.ts";
import { inSnakeCase, snakeCased } from "./snake-case.ts";

const root = "/nocp/v1/keys";
const longestSeconds = 100 * 365 * 86_400;
const { models, lanes, paths, compression, payloads } = gatewayKeySchema.shape;

export const keyBodySchema = z.strictObject({
  name: z.string().min(1).max(200).describe("What the key is for."),
  tenant: z.string().regex(sessionIdPattern, "may hold letters, digits, - and _ only").default(defaultTenant),
  models: models.default([]).describe("What may be named as the model; `*` at the end for any ending. Empty: anything."),
  lanes: lanes.default([]),
  paths: paths.describe("Empty or absent: both."),
  compression: compression.default(null),
  payloads: payloads.describe("Of calls that do not say it: whether binary data in mode lossless stay or go to the archive."),
  admin: z.boolean().default(false).describe("Whether it may use the endpoints for operators."),
  expires_in_seconds: z.int().positive().max(longestSeconds).nullish(),
  budgets: z.array(allowanceSchema).max(16).default([]),
});
export const rotateBodySchema = z
  .strictObject({ grace_seconds: z.int().min(0).max(longestSeconds).default(0).describe("How long the old key still works.") })
  .nullish();

export const keyObjectSchema = snakeCased(gatewayKeySchema.omit({ v: true, digest: true })).extend({
  object: z.literal("nocp.key"),
});
export const keyListSchema = z.object({
  object: z.literal("list"),
  data: z.array(keyObjectSchema.extend({ budgets: z.array(z.string()) })),
});
export const issuedKeySchema = keyObjectSchema.extend({ key: z.string().describe("What callers send. It is shown this once.") });

export const keyRoutes =
  ({ keys }: Pick<OperatorWork, "keys">): AddRoutes =>
  (app, { operatorsOnly, refuse }) => {
    const missing = (id: string) => refusal(404, "NOT_FOUND", `There is no key ${id.slice(0, 64)}.`);
    app.get(root, operatorsOnly, async () => ({ object: "list", data: (await keys.list()).map(keyObject) }));
    app.post(root, operatorsOnly, async (request, reply) => {
      const { key, secret } = await keys.create(rightsOf(request.body));
      return reply.code(201).send({ ...keyObject(key), key: secret });
    });
    app.post(`${root}/:id/rotate`, operatorsOnly, async (request, reply) => {
      const { id } = request.params as { readonly id: string };
      const { grace_seconds: grace = 0 } = checkInput(rotateBodySchema, request.body) ?? {};
      const issued = await keys.rotate(id, grace * 1000);
      return issued ? { ...keyObject(issued.key), key: issued.secret } : refuse(request, reply, missing(id));
    });
    app.delete(`${root}/:id`, operatorsOnly, async (request, reply) => {
      const { id } = request.params as { readonly id: string };
      return (await keys.remove(id)) ? { id, deleted: true } : refuse(request, reply, missing(id));
    });
  };

const keyObject = (key: ShownKey) => ({ object: "nocp.key", ...inSnakeCase(key) });

/** @throws InvalidField */
function rightsOf(body: unknown): KeyRights {
  const { expires_in_seconds: seconds, budgets, ...rights } = checkInput(keyBodySchema, body);
  const allowances = budgets.map((text, at) => {
    const allowance = parseAllowance(text);
    if (allowance) return allowance;
    throw new InvalidField(`budgets.${at}`, "must be more than 0");
  });
  return { ...rights, lifetimeMs: typeof seconds === "number" ? seconds * 1000 : null, allowances };
}
