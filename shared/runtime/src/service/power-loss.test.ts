import { expect, test } from "vitest";
import { powerLossCoverage } from "./power-loss.ts";

test.each([
  ["2.9.10", "always", "environment", "not covered: nats-server 2.9.10 cannot sync every write, 2.10.0 and newer can"],
  ["2.15.1", "periodic", "environment", "not covered: nats.sync is periodic"],
  ["2.15.1", "always", "default", "covered if the NATS server's sync_interval is always"],
  ["2.15.1", "always", "environment", "covered"],
] as const)("nats-server %s with sync %s from %s: %s", (version, value, origin, expected) => {
  expect(powerLossCoverage({ value, origin }, version)).toBe(expected);
});
