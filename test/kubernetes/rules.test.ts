// Prometheus's own checks of its configuration and of the alert rules.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { projectRoot } from "../servers/start-test-deployment.ts";
import { ensurePrograms, programOf } from "./test-cluster.ts";

const folder = join(projectRoot, "deploy/prometheus");

beforeAll(() => ensurePrograms("prometheus"));

const promtool = (...args: readonly string[]) => spawnSync(programOf("promtool"), args, { cwd: folder, encoding: "utf8" });

test("Prometheus reads its configuration and the rules", () => {
  const { stdout, stderr, status } = promtool("check", "config", "prometheus.yml");
  expect(stdout, stderr).toMatch(/SUCCESS: \d+ rules found/);
  expect(status).toBe(0);
});

test("every alert fires when it should, and only then", () => {
  const { stdout, stderr, status } = promtool("test", "rules", "rules.test.yml");
  expect(`${stdout}${stderr}`).toContain("SUCCESS");
  expect(status).toBe(0);
});
