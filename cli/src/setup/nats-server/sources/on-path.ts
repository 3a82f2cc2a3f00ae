// Installed on the machine. The sbin folders are looked at too: Debian installs there, and PATH of plain users lacks them.
import { findOnPath } from "../../machine.ts";
import type { NatsServerSource } from "../nats-server-source.ts";

export const onPath: NatsServerSource = {
  name: "on PATH",
  fetches: false,
  find: async ({ environment }) => {
    const path = findOnPath("nats-server", { PATH: `${environment.PATH ?? ""}:/usr/local/sbin:/usr/sbin` });
    return path === undefined ? undefined : { kind: "binary", path };
  },
};
