import { expect, it } from "vitest";
import type { TopologyChange } from "../transport/provision.ts";
import { logTopology } from "./log-topology.ts";

const change = (action: TopologyChange["action"], kind: TopologyChange["kind"], name: string): TopologyChange => ({
  kind,
  name,
  action,
  differences: [],
});

function logged(changes: readonly TopologyChange[]) {
  const lines: [level: string, ...rest: unknown[]][] = [];
  logTopology(changes, {
    info: (...rest: unknown[]) => lines.push(["info", ...rest]),
    debug: (...rest: unknown[]) => lines.push(["debug", ...rest]),
  });
  return lines;
}

it("says in one line what was created and changed, and the rest at debug", () => {
  const changes = [
    change("create", "stream", "A"),
    change("create", "stream", "B"),
    change("create", "consumer", "A/one"),
    change("update", "consumer", "A/two"),
  ];
  const lines = logged(changes);
  expect(lines.filter(([level]) => level === "info")).toEqual([["info", "created 2 streams and 1 consumer, updated 1 consumer"]]);
  expect(lines.filter(([level]) => level === "debug").map(([, about]) => about)).toEqual(changes);
});

it("says nothing where all was there", () => expect(logged([])).toEqual([]));
