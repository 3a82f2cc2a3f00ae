// .nocp/credentials.json: the passwords of the services' users and of this machine's own callers, made at the first start.
import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultTenant, type ProcessRole, processRoles } from "@nocp/contracts/topology.ts";
import { hashSync } from "bcryptjs";
import { z } from "zod";
import { serviceUserPrefix } from "../transport/inbox.ts";
import { replaceSecretFile } from "./secret-file.ts";

const credentialSchema = z.object({ user: z.string(), password: z.string(), hash: z.string() });
export type Credential = z.infer<typeof credentialSchema>;

const credentialsSchema = z.object({ v: z.literal(1), users: z.record(z.string(), credentialSchema) });
export type Credentials = Readonly<Record<CredentialName, Credential>>;

/** Whose credentials are kept: the services', the command line's, and those of the tenant of this machine. */
export type CredentialName = ProcessRole | "admin" | typeof defaultTenant;
const names: ReadonlySet<CredentialName> = new Set([...processRoles, "admin", defaultTenant]);

/** 192 random bits need no slow hash: nobody tries them all. */
const passwordBytes = 24;
const hashRounds = 4;

export const newPassword = (): string => randomBytes(passwordBytes).toString("base64url");
/** As the server's configuration has it. */
export const hashOfPassword = (password: string): string => hashSync(password, hashRounds);

export const credentialsFileOf = (dataFolder: string): string => join(dataFolder, "credentials.json");

/** What was made before; nothing when there is none, or it cannot be read. */
export function readCredentials(dataFolder: string): Readonly<Record<string, Credential>> {
  try {
    return credentialsSchema.parse(JSON.parse(readFileSync(credentialsFileOf(dataFolder), "utf8"))).users;
  } catch {
    return {};
  }
}

/** Reads the credentials, and makes those that are missing. */
export function ensureCredentials(dataFolder: string): Credentials {
  const known = readCredentials(dataFolder);
  const missing = [...names].filter((name) => known[name] === undefined);
  const made = missing.map((name) => {
    const password = newPassword();
    const user = name === defaultTenant ? name : `${serviceUserPrefix}${name}`;
    return [name, { user, password, hash: hashOfPassword(password) }] as const;
  });
  const users = { ...known, ...Object.fromEntries(made) };
  if (missing.length > 0) replaceSecretFile(credentialsFileOf(dataFolder), JSON.stringify({ v: 1, users }, null, 2));
  else chmodSync(credentialsFileOf(dataFolder), 0o600);
  return users as Credentials;
}
