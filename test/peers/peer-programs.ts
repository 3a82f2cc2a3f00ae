// What the tests of other languages' clients need on the machine: Python, Go, and what these build.
import { type ExecFileException, execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../servers/start-test-deployment.ts";

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
}

const clientsFolder = join(projectRoot, "examples/clients");
/** Kept between runs, so that only the first one downloads. */
const builtFolder = join(projectRoot, ".nocp/peers");
const maxOutputBytes = 64 * 1024 * 1024;

const executables: Readonly<Record<string, string>> = {
  python3: "Python 3.9 or newer with its venv module",
  go: "Go 1.26 or newer",
  npm: "npm",
};

/** The Python client in a virtual environment with the packages it pins. */
export async function preparePythonClient(): Promise<Program> {
  const folder = join(clientsFolder, "python");
  const environment = join(builtFolder, "python");
  const python = join(environment, "bin/python");
  await runTool("python3", ["-m", "venv", environment]);
  await runTool(python, ["-m", "pip", "install", "--quiet", "--requirement", join(folder, "requirements.txt")]);
  return { file: python, args: [join(folder, "ask.py")] };
}

export interface PreparedClients {
  readonly program: Program;
  /** By `node:` or `python:` and the package's name. */
  readonly versions: ReadonlyMap<string, string>;
}

const httpClientsFolder = join(import.meta.dirname, "clients");

/** Packages for Node that use the HTTP API, at the versions that the tests pin. */
export async function prepareNodeClients(): Promise<PreparedClients> {
  const folder = join(builtFolder, "node-clients");
  mkdirSync(folder, { recursive: true });
  // Next to its packages, because that is where Node looks for them.
  for (const file of ["package.json", "node-clients.mjs"]) copyFileSync(join(httpClientsFolder, file), join(folder, file));
  await runTool("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"], { folder });
  const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { dependencies: object };
  const versions = new Map(Object.entries(dependencies).map(([name, version]) => [`node:${name}`, String(version)]));
  return { program: { file: process.execPath, args: [join(folder, "node-clients.mjs")] }, versions };
}

/** The same for Python. */
export async function preparePythonClients(): Promise<PreparedClients> {
  const environment = join(builtFolder, "python-clients");
  const python = join(environment, "bin/python");
  const requirements = join(httpClientsFolder, "requirements.txt");
  await runTool("python3", ["-m", "venv", environment]);
  await runTool(python, ["-m", "pip", "install", "--quiet", "--requirement", requirements]);
  const pinned = readFileSync(requirements, "utf8").trim().split("\n");
  const versions = new Map(pinned.map((line) => line.split("==")).map(([name, version = ""]) => [`python:${name}`, version]));
  return { program: { file: python, args: [join(httpClientsFolder, "python_clients.py")] }, versions };
}

/** Tries what an OpenAPI document describes. */
export async function prepareSchemathesis(version: string): Promise<Program> {
  const environment = join(builtFolder, `schemathesis-${version}`);
  const python = join(environment, "bin/python");
  await runTool("python3", ["-m", "venv", environment]);
  await runTool(python, ["-m", "pip", "install", "--quiet", `schemathesis==${version}`]);
  const settings = join(import.meta.dirname, "schemathesis.toml");
  return { file: join(environment, "bin/schemathesis"), args: ["--config-file", settings, "run"] };
}

/** The Go client, compiled. */
export async function prepareGoClient(): Promise<Program> {
  mkdirSync(builtFolder, { recursive: true });
  const file = join(builtFolder, "go-client");
  await runTool("go", ["build", "-o", file, "."], { folder: join(clientsFolder, "go") });
  return { file, args: [] };
}

/** The `nats` command line. @returns the folder of its executable. */
export async function prepareNatsCli(version: string): Promise<string> {
  const folder = join(builtFolder, `natscli-${version}`);
  await runTool("go", ["install", `github.com/nats-io/natscli/nats@${version}`], { environment: { GOBIN: folder } });
  return folder;
}

/** @throws Error naming what to install when the executable is missing, otherwise with the program's own output. */
async function runTool(
  file: string,
  args: readonly string[],
  { folder, environment }: { folder?: string; environment?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  try {
    await promisify(execFile)(file, args, { cwd: folder, env: { ...process.env, ...environment } });
  } catch (error) {
    const { code, stderr } = error as ExecFileException & { readonly stderr: string };
    if (code === "ENOENT")
      throw new Error(`The tests of category "peers" need ${executables[file] ?? file}. Install it, or leave out the category.`);
    throw new Error(`${file} ${args.join(" ")} failed:\n${stderr}`, { cause: error });
  }
}

/** Runs a client on a request. @returns the result it printed. @throws Error with its stderr when it fails. */
export async function askWith({ file, args }: Program, request: object, natsUrl: string): Promise<Record<string, unknown>> {
  const running = promisify(execFile)(file, [...args, "-"], {
    env: { ...process.env, NATS_URL: natsUrl },
    maxBuffer: maxOutputBytes,
    timeout: 120_000,
  });
  running.child.stdin?.end(JSON.stringify(request));
  const { stdout } = await running;
  return JSON.parse(stdout) as Record<string, unknown>;
}
