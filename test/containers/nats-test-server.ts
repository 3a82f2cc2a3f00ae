// A NATS server with JetStream in a container of the image that compose runs. In the category `containers` it takes the place
// of the one that tests start as a process.
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { freePort } from "@nocp/cli/deployment/free-port.ts";
import type { NatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { GenericContainer, getContainerRuntimeClient, Wait } from "testcontainers";
import { imageOf } from "./images.ts";

const clientPort = 4222;
const startTimeoutMs = 60_000;

/** @param flags more of its command line, e.g. `--user bob --pass secret`, or `-c` with a file. */
export async function startNatsTestServer(flags: readonly string[] = []): Promise<NatsTestServer> {
  // The same port after a restart: Docker would choose another one.
  const port = await freePort();
  const config = flags[flags.indexOf("-c") + 1];
  const files = flags.includes("-c") && config ? [{ source: config, target: config }] : [];
  const started = await new GenericContainer(imageOf("nats"))
    .withCommand(["--jetstream", "--store_dir", "/data", ...flags])
    .withCopyFilesToContainer(files)
    .withExposedPorts({ container: clientPort, host: port })
    .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
    .withStartupTimeout(startTimeoutMs)
    .start();
  const client = await getContainerRuntimeClient();
  const container = client.container.dockerode.getContainer(started.getId());
  const isRunning = async () => (await container.inspect()).State.Running;
  const end = async (signal: NodeJS.Signals) => {
    if (!(await isRunning())) return;
    await container.kill({ signal });
    await container.wait();
  };
  await untilGreeted(port);
  return {
    url: `nats://${started.getHost()}:${port}`,
    kill: () => end("SIGKILL"),
    pause: () => container.pause(),
    resume: () => container.unpause(),
    restart: async () => {
      await end("SIGTERM");
      await container.start();
      await untilGreeted(port);
    },
    stop: async () => {
      await started.stop({ remove: true, removeVolumes: true });
    },
  };
}

/** Docker's proxy accepts connections before the server does; the server greets each with one line. */
async function untilGreeted(port: number): Promise<void> {
  const giveUpAt = Date.now() + startTimeoutMs;
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    try {
      const ended = once(socket, "close").then(() =>
        Promise.reject(new Error("the NATS server in the container does not greet")),
      );
      await Promise.race([once(socket, "data"), ended]);
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await setTimeout(50);
    } finally {
      socket.destroy();
    }
  }
}
