// docker-compose.yml as it is, or with other files laid over it, in containers that go when the test is done.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProcessRole } from "@nocp/contracts/topology.ts";
import { DockerComposeEnvironment, type StartedDockerComposeEnvironment, Wait } from "testcontainers";
import { stringify } from "yaml";
import { projectRoot } from "../servers/start-test-deployment.ts";
import { composeServices, replacementOf } from "./images.ts";

/** Where compose's NATS is reached from the host. */
export const composeNatsUrl = "nats://127.0.0.1:4222";

export interface ComposeOptions {
  /** Laid over docker-compose.yml, from the project's folder. */
  readonly files?: readonly string[];
  /** What is healthy before a test begins. */
  readonly roles: readonly ProcessRole[];
  /** More of the services' fields, by service. */
  readonly fields?: Readonly<Record<string, object>>;
}

export interface StartedCompose {
  readonly environment: StartedDockerComposeEnvironment;
  end(): Promise<void>;
}

export async function startCompose({ files = [], roles, fields = {} }: ComposeOptions): Promise<StartedCompose> {
  const folder = mkdtempSync(join(tmpdir(), "nocp-compose-"));
  const named = new Set([...composeServices, ...roles]);
  const changes = Array.from(named, (name) => {
    const image = replacementOf(name);
    return [name, { ...(image === undefined ? {} : { image }), ...fields[name] }] as const;
  }).filter(([, change]) => Object.keys(change).length > 0);
  const override = join(folder, "override.yml");
  writeFileSync(override, stringify({ services: Object.fromEntries(changes) }));
  const compose = roles.reduce(
    (all, name) => all.withWaitStrategy(`${name}-1`, Wait.forHealthCheck()),
    new DockerComposeEnvironment(projectRoot, ["docker-compose.yml", ...files, ...(changes.length > 0 ? [override] : [])])
      .withWaitStrategy("nats-1", Wait.forHealthCheck())
      .withStartupTimeout(300_000),
  );
  const environment = await (replacementOf("act") === undefined ? compose.withBuild() : compose).up();
  return {
    environment,
    end: async () => {
      await environment.down({ removeVolumes: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
