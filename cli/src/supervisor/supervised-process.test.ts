import { afterEach, describe, expect, it } from "vitest";
import { deathsInARow, defaultRestartPolicy, type RestartPolicy, restartDelayMs } from "./restart-delay.ts";
import { type ProcessExit, type SupervisedProcess, superviseProcess } from "./supervised-process.ts";

const quick: RestartPolicy = { baseMs: 1, maxMs: 20, healthyAfterMs: 60_000 };
const lives = "console.log('up'); setInterval(() => {}, 1000);";
const ignoresTerm = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000);";

const started: SupervisedProcess[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((process) => process.stop()));
});

/** A supervised script; `lines(n)` resolves when it has written n lines over all its lives. */
function supervise(script: string, stopTimeoutMs = 5000) {
  const deaths: ProcessExit[] = [];
  const written: string[] = [];
  const supervised = superviseProcess({
    name: "script",
    program: process.execPath,
    args: ["-e", script],
    folder: process.cwd(),
    environment: { PATH: process.env.PATH },
    policy: quick,
    stopTimeoutMs,
    onLine: (line) => written.push(line),
    onDeath: (exit) => deaths.push(exit),
  });
  started.push(supervised);
  const lines = (count: number) => expect.poll(() => written.length).toBeGreaterThanOrEqual(count);
  return { supervised, deaths, written, lines };
}

const isGone = (pid: number | undefined) => {
  try {
    process.kill(pid ?? 0, 0);
    return false;
  } catch {
    return true;
  }
};

describe("the pause before a restart", () => {
  it("doubles with every death in a row, up to a limit", () => {
    const delays = [1, 2, 3, 8, 50].map((deaths) => restartDelayMs(deaths, defaultRestartPolicy));
    expect(delays).toEqual([100, 200, 400, 10_000, 10_000]);
  });

  it("begins anew after a life that was long enough", () => {
    expect(deathsInARow(5, 500, defaultRestartPolicy)).toBe(6);
    expect(deathsInARow(5, defaultRestartPolicy.healthyAfterMs, defaultRestartPolicy)).toBe(1);
  });
});

describe("a supervised process", () => {
  it("comes back after SIGKILL, as another process", async () => {
    const { supervised, deaths, lines } = supervise(lives);
    await lines(1);
    const first = supervised.pid;
    supervised.kill("SIGKILL");
    await lines(2);
    expect(supervised.pid).not.toBe(first);
    expect([supervised.state, supervised.restarts, deaths[0]?.signal]).toEqual(["running", 1, "SIGKILL"]);
  });

  it("is started again and again when it ends by itself, counting the deaths in a row", async () => {
    const { deaths } = supervise("process.exit(3)");
    await expect.poll(() => deaths.length).toBeGreaterThanOrEqual(3);
    expect(deaths.slice(0, 3).map(({ deaths: count, exitCode }) => [count, exitCode])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  it("reports a program that cannot be started, and keeps trying", async () => {
    const deaths: ProcessExit[] = [];
    const lines: string[] = [];
    const supervised = superviseProcess({
      name: "nothing",
      program: "/no/such/program",
      args: [],
      folder: process.cwd(),
      environment: {},
      policy: quick,
      onLine: (line) => lines.push(line),
      onDeath: (exit) => deaths.push(exit),
    });
    started.push(supervised);
    await expect.poll(() => deaths.length).toBeGreaterThanOrEqual(2);
    expect(lines[0]).toContain("ENOENT");
  });

  it("is gone for good after stop(), which may be called twice", async () => {
    const { supervised, deaths, lines } = supervise(lives);
    await lines(1);
    const { pid } = supervised;
    await Promise.all([supervised.stop(), supervised.stop()]);
    await supervised.stop();
    expect([supervised.state, isGone(pid), deaths]).toEqual(["stopped", true, []]);
  });

  it("is killed by stop() when it does not heed SIGTERM", async () => {
    const { supervised, lines } = supervise(ignoresTerm, 50);
    await lines(1);
    const { pid } = supervised;
    await supervised.stop();
    expect([supervised.state, isGone(pid)]).toEqual(["stopped", true]);
  });

  it("does not come back when it is stopped while it is down", async () => {
    const deaths: ProcessExit[] = [];
    const supervised = superviseProcess({
      name: "script",
      program: process.execPath,
      args: ["-e", "process.exit(1)"],
      folder: process.cwd(),
      environment: {},
      policy: { baseMs: 60_000, maxMs: 60_000, healthyAfterMs: 60_000 },
      onDeath: (exit) => deaths.push(exit),
    });
    started.push(supervised);
    await expect.poll(() => supervised.state).toBe("waiting");
    await supervised.stop();
    expect([supervised.state, supervised.restarts, deaths.length]).toEqual(["stopped", 0, 1]);
  });

  it("restarts on demand without counting that as a death", async () => {
    const { supervised, deaths, lines } = supervise(lives);
    await lines(1);
    const first = supervised.pid;
    await supervised.restart();
    await lines(2);
    expect([supervised.pid === first, supervised.restarts, deaths]).toEqual([false, 1, []]);
  });
});
