// docker-compose.yml gives each service its own user and password, and no other's.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { processRoles } from "@nocp/contracts/topology.ts";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

interface ComposeService {
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>> | readonly string[];
}

const read = (path: string): Record<string, ComposeService> =>
  parse(readFileSync(join(import.meta.dirname, "../../..", path), "utf8"), { merge: true }).services;
const compose = { ...read("deploy/compose/chain.yaml"), ...read("docker-compose.yml") };
const credentialsOf = (name: string): string[] => (compose[name]?.volumes ?? []).filter((volume) => volume.includes(".nocp"));
/** Its own folder, where the settings say that its password is. */
const own = (name: string): string[] => [`./.nocp/compose/${name}:/run/nocp:ro`];

describe("in docker-compose.yml", () => {
  test.each(processRoles)("%s connects as itself, and reads no other's password", (name) => {
    expect(compose[name]?.environment).toMatchObject({ NATS_USER: `nocp.${name}`, NATS_PASSWORD_FILE: "/run/nocp/password" });
    expect(credentialsOf(name)).toEqual(own(name));
  });

  test.each(processRoles)("%s starts when there are streams, and makes none", (name) => {
    expect(compose[name]?.depends_on).toMatchObject({ provision: { condition: "service_completed_successfully" } });
    expect(compose[name]?.environment?.NOCP_MESSAGING_PROVISION).toBe("await");
  });

  test("NATS is given accounts, the job that makes streams is the administrator, and one job alone has all passwords", () => {
    expect(credentialsOf("nats")).toEqual(["./.nocp/compose/nats:/etc/nats-accounts:ro"]);
    expect(credentialsOf("provision")).toEqual(own("provision"));
    expect(compose.provision?.environment?.NATS_USER).toBe("nocp.admin");
    const withAll = Object.keys(compose).filter((name) =>
      credentialsOf(name).some((volume) => volume.startsWith("./.nocp/compose:")),
    );
    expect(withAll).toEqual(["prepare"]);
    expect(compose.prepare).toMatchObject({ network_mode: "none", restart: "no" });
  });
});
