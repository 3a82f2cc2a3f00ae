import { expect, it } from "vitest";
import { requireDocker } from "./docker.ts";

/** A `docker` whose commands end like this. */
const machine = (outcomes: Readonly<Record<string, { readonly exitCode: number; readonly stderr?: string }>>) => ({
  run: async (_program: string, [command = ""]: readonly string[]) => ({
    exitCode: 0,
    stdout: "",
    stderr: "",
    ...outcomes[command],
  }),
});

it("is content when an engine and compose answer", () => expect(requireDocker(machine({}))).resolves.toBeUndefined());

it("says why no engine can be used, in one line", async () => {
  const stderr = "Client: 28\nCannot connect to the Docker daemon at unix:///var/run/docker.sock.";
  await expect(requireDocker(machine({ version: { exitCode: 1, stderr } }))).rejects.toMatchObject({
    code: "MISSING_DEPENDENCY",
    message: "no Docker engine answers: Cannot connect to the Docker daemon at unix:///var/run/docker.sock.",
  });
});

it("says that compose is missing", async () => {
  const stderr = "docker: unknown command: docker compose";
  await expect(requireDocker(machine({ compose: { exitCode: 1, stderr } }))).rejects.toMatchObject({
    code: "MISSING_DEPENDENCY",
    message: "there is no docker compose: docker: unknown command: docker compose",
  });
});
