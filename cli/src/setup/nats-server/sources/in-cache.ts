// Fetched on an earlier run.
import { isExecutable } from "../../machine.ts";
import { cachedNatsServer, type NatsServerSource } from "../nats-server-source.ts";

export const inCache: NatsServerSource = {
  name: "in the cache",
  fetches: false,
  find: async ({ dataFolder }) => {
    const path = cachedNatsServer(dataFolder);
    return isExecutable(path) ? { kind: "binary", path } : undefined;
  },
};
