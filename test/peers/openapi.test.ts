// The OpenAPI document, tried by schemathesis on the whole of NOCP: calls as the document describes them, and calls that are
// wrong on purpose. The gateway must not fail over any of them, and must answer as the document says.
import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { useGatewayDeployment } from "../fixtures/gateway-deployment.ts";
import { type Program, prepareSchemathesis } from "./peer-programs.ts";

const key = "the-key-of-this-test";
const examplesEach = "12";
const gateway = useGatewayDeployment(() => ({ NOCP_GATEWAY_API_KEY: key }));
let schemathesis: Program;
beforeAll(async () => {
  schemathesis = await prepareSchemathesis("4.32.5");
});
beforeEach(() => gateway.vendor.answer(() => ({ text: ["Hello", " there", "."] })));

test("every endpoint answers as the document says, and none fails over a call", async () => {
  const { file, args } = schemathesis;
  const address = `${gateway.url}/nocp/v1/openapi.json`;
  const options = ["--max-examples", examplesEach, "--no-color", "--warnings", "off", "--header", `x-api-key: ${key}`];
  const run = promisify(execFile)(file, [...args, ...options, address], {
    // It keeps its findings where it runs.
    cwd: dirname(file),
    env: { ...process.env, PYTHONWARNINGS: "ignore" },
    maxBuffer: 64 * 1024 * 1024,
  });
  const { stdout, code } = await run.then(
    ({ stdout }) => ({ stdout, code: 0 }),
    (error: { readonly stdout: string; readonly stderr: string; readonly code: number }) => ({
      stdout: `${error.stdout}\n${error.stderr}`,
      code: error.code,
    }),
  );
  expect(code, stdout).toBe(0);
  // All that the document has were tried.
  expect(stdout).toMatch(/Selected: (\d+)\/\1\s+Tested: \1\s/);
  expect(Number(/Tested: (\d+)/.exec(stdout)?.[1])).toBeGreaterThan(50);
});
