// NATS_SERVER_BIN names the program.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { isExecutable } from "../../machine.ts";
import type { NatsServerSource } from "../nats-server-source.ts";

export const fromEnvironment: NatsServerSource = {
  name: "named by NATS_SERVER_BIN",
  fetches: false,
  find: async (machine) => {
    const path = machine.environment.NATS_SERVER_BIN;
    if (!path) return undefined;
    if (isExecutable(path)) return { kind: "binary", path };
    throw new NocpError("MISSING_DEPENDENCY", `NATS_SERVER_BIN names ${path}, which cannot be run`, {
      advice: "Correct the path, or unset NATS_SERVER_BIN to have one found",
    });
  },
};
