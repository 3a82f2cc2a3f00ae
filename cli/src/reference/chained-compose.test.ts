import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { chainedCompose } from "./chained-compose.ts";

const compose = readFileSync(join(import.meta.dirname, "../../../docker-compose.yml"), "utf8");

test("a setting that stages are given different values of is refused, by its name", () => {
  const differing = compose.replace("NATS_USER: nocp.articulate", "NATS_USER: nocp.articulate\n      NOCP_LOG_LEVEL: debug");
  expect(() => chainedCompose(differing)).toThrow(/different values of NOCP_LOG_LEVEL/);
  expect(() => chainedCompose(compose)).not.toThrow();
});
