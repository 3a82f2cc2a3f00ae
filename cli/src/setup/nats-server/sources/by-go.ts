// Built from source, where Go is installed: takes a minute or two, once.
import { join } from "node:path";
import { findOnPath } from "../../machine.ts";
import { keepBinary, withFetchFolder } from "../fetched-package.ts";
import type { NatsServerSource } from "../nats-server-source.ts";

const module = "github.com/nats-io/nats-server/v2@v2.15.2";

export const byGo: NatsServerSource = {
  name: "built with Go",
  fetches: true,
  find: async (machine) => {
    const go = findOnPath("go", machine.environment);
    if (!go) return undefined;
    return withFetchFolder(machine.dataFolder, async (folder) => {
      machine.report(`go install ${module}`);
      const environment = { GOBIN: join(folder, "bin"), GOFLAGS: "" };
      const built = await machine.run(go, ["install", module], { folder, environment, timeoutMs: 600_000 });
      if (built.exitCode === 0) return keepBinary(folder, machine.dataFolder);
      machine.report(`go: ${built.stderr.trim().split("\n").at(-1)}`);
      return undefined;
    });
  },
};
