// A user's tools in a folder of their own, with the services as `./nocp up` runs them: each in a process, and chained.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@nocp/client/create-client.ts";
import { expect, onTestFinished, test } from "vitest";
import { startTestDeployment } from "../servers/start-test-deployment.ts";

const tool = (name: string) => `import { z } from "zod";
const city: z.ZodType<string> = z.string().min(2);
export default {
  name: "${name}",
  description: "The weather of a city.",
  arguments: z.object({ city }),
  run: ({ city }: { city: string }) => \`The weather in \${city} is sunny, says ${name}.\`,
};`;

/** Outside the project, so that nothing in it is found from there. */
function toolFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "nocp-tools-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["weather", "forecast"]) writeFileSync(join(folder, `${name}.ts`), tool(name));
  return folder;
}

test.each([
  ["in a process each", false],
  ["in one process", true],
])("tools in TypeScript that import zod run with the stages %s, and their arguments are checked", async (_how, chain) => {
  const deployment = await startTestDeployment({ NOCP_TOOLS_DIR: toolFolder() }, { chain });
  onTestFinished(deployment.end);
  expect([...deployment.output.keys()].includes("chain")).toBe(chain);
  const client = await createClient({ natsUrl: deployment.natsUrl });
  onTestFinished(client.close);
  const ask = (city: string) =>
    client.ask({
      query: "What is the weather in Oslo?",
      tools: ["weather", "forecast"].map((name) => ({ id: name, name, arguments: { city } })),
      routing: { provider: "extractive" },
      limits: { timeoutMs: 60_000 },
    });
  const { status, answer, error } = await ask("Oslo");
  expect({ status, error }).toEqual({ status: "succeeded", error: null });
  expect(answer).toContain("The weather in Oslo is sunny");
  const refused = await ask("O");
  expect(JSON.stringify([refused.error, refused.warnings])).toContain("INVALID_ARGUMENTS");
});
