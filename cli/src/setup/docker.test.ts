import { expect, it } from "vitest";
import { requireDocker } from "./docker.ts";

const machine = (exitCode: number, stderr: string) => ({ run: async () => ({ exitCode, stdout: "", stderr }) });

it("is content when an engine answers", () => expect(requireDocker(machine(0, ""))).resolves.toBeUndefined());

it("says why no engine can be used, in one line", async () => {
  const refused = requireDocker(machine(1, "Client: 28\nCannot connect to the Docker daemon at unix:///var/run/docker.sock."));
  await expect(refused).rejects.toMatchObject({
    code: "MISSING_DEPENDENCY",
    message: "no Docker engine answers: Cannot connect to the Docker daemon at unix:///var/run/docker.sock.",
  });
});
