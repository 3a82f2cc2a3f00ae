// What README.md tells people to type with the nats command line.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv, promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectRoot, startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";
import { prepareNatsCli } from "./peer-programs.ts";

const readers = 10;
let deployment: TestDeployment;
let natsFolder: string;
beforeAll(async () => {
  natsFolder = await prepareNatsCli("v0.5.0");
  deployment = await startTestDeployment();
  access = parseEnv(readFileSync(join(deployment.folder, "default.env"), "utf8"));
});
afterAll(() => deployment?.end());

/** The address and the user that README.md tells people to take. */
let access: NodeJS.Dict<string>;

/** @param beforeReading seconds between the acknowledgement and the command that reads the result. */
async function followReadme(beforeReading: number): Promise<{ readonly requestId: string }> {
  const [, commands = ""] = /```bash\n(ID=[\s\S]*?)```/.exec(readFileSync(join(projectRoot, "README.md"), "utf8")) ?? [];
  expect(commands).toContain("until nats req");
  const script = commands.replace("until", `sleep ${beforeReading}\nuntil`);
  const { stdout } = await promisify(execFile)("bash", ["-euc", script], {
    cwd: projectRoot,
    env: { ...process.env, PATH: `${natsFolder}:${process.env.PATH}`, ...access },
    timeout: 60_000,
  });
  return JSON.parse(stdout) as { readonly requestId: string };
}

test("every reader gets the result, whether it starts before the result is there or after", async () => {
  const delays = Array.from({ length: readers }, (_, index) => (index % 2 === 0 ? 0 : 5));
  const results = await Promise.all(delays.map(followReadme));
  for (const result of results) expect(result).toMatchObject({ status: "succeeded", answer: expect.stringContaining("4.") });
  expect(new Set(results.map(({ requestId }) => requestId)).size).toBe(readers);
});
