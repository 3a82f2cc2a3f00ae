// Ports that are drawn for deployments, by one process and by several at once.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const draws = 150;
const modulePath = import.meta.resolve("@nocp/cli/deployment/free-port.ts");
/** Draws, tells which, and lives until its input ends. */
const program = `
  import { freePort } from ${JSON.stringify(modulePath)};
  const ports = [];
  for (let draw = 0; draw < ${draws}; draw++) ports.push(await freePort());
  process.stdout.write(JSON.stringify(ports));
  process.stdin.resume();
`;

async function startDrawing() {
  const running = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
  const { stdout, stdin } = running.child;
  const drawn = new Promise<number[]>((resolve) => {
    let text = "";
    stdout?.on("data", (piece) => {
      text += piece;
      if (text.endsWith("]")) resolve(JSON.parse(text));
    });
  });
  const end = async () => {
    stdin?.end();
    await running;
  };
  return { drawn: await drawn, end };
}

// By chance alone, some of so many would be the same in more than 95 of 100 runs.
test("a port that was drawn is drawn by nobody else while the process lives, though nobody listens on it", async () => {
  const processes = await Promise.all([startDrawing(), startDrawing()]);
  const ports = processes.flatMap(({ drawn }) => drawn);
  await Promise.all(processes.map(({ end }) => end()));
  expect(ports).toHaveLength(2 * draws);
  expect(new Set(ports).size).toBe(2 * draws);
});
