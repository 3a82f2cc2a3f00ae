// What README.md tells people to paste.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectRoot, startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";

let deployment: TestDeployment;
beforeAll(async () => {
  deployment = await startTestDeployment();
});
afterAll(() => deployment?.end());

test("the TypeScript of the README answers its question and ends", async () => {
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(projectRoot, "README.md"), "utf8")) ?? [];
  const here = code.replace("nats://127.0.0.1:4222", deployment.natsUrl);
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", here], {
    cwd: projectRoot,
    timeout: 30_000,
  });
  expect(stdout).toContain("20 MB");
});
