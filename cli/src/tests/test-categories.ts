// The categories of tests: which files belong to each, and which of them `./nocp test` runs by itself. Vitest's configuration
// and the command both read this table.

export interface TestCategory {
  /** What `--category` takes. */
  readonly name: string;
  /** Whether `./nocp test` runs it without being asked. The others take minutes, or need what not every machine has. */
  readonly isPlain: boolean;
  /** Patterns of its files, from the project's folder. */
  readonly include: readonly string[];
  /**
   * Patterns of the files whose failure stands, whatever a second run says. They look for events that come once in many tries:
   * a request that is lost, paid twice or read by another tenant.
   */
  readonly final: readonly string[];
  /** For one test, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * Whether each file gets a process of its own. Those that share one are spared loading the same modules again, which takes
   * longer than most of their tests; they must leave nothing behind.
   */
  readonly isIsolated: boolean;
  /** How many of its files run at once. */
  readonly workers: number;
  /** Whether its tests start containers. */
  readonly needsDocker: boolean;
  /** Modules that others take the place of, by the name they are imported with; paths from the project's folder. */
  readonly replacedModules: Readonly<Record<string, string>>;
}

const folderOf = (name: string): string => `test/${name}/**/*.test.ts`;

/** As many as a small machine has processors: for files that compute. */
const computing = 2;
/** For files that wait for servers, processes and leases most of their time. */
const waiting = 3;

/** Unit tests are beside what they test, but for those of files that are no source, e.g. in `deploy/`. */
const besideSources = ["shared", "services", "cli", "benchmarks"].map((folder) => `${folder}/**/src/**/*.test.ts`);

/** Of functions and modules: no process, no server. */
const fast = (name: string, include = [folderOf(name)]): TestCategory => ({
  name,
  isPlain: true,
  include,
  final: [],
  timeoutMs: 60_000,
  isIsolated: false,
  workers: computing,
  needsDocker: false,
  replacedModules: {},
});

/** A deployment of its own. */
const wholeDeployment = (name: string, isPlain: boolean): TestCategory => ({
  name,
  isPlain,
  include: [folderOf(name)],
  final: [],
  timeoutMs: 600_000,
  isIsolated: true,
  workers: 1,
  needsDocker: false,
  replacedModules: {},
});

/** Its tests count what is lost, repeated or leaked, over many tries. */
const counting = (name: string): TestCategory => ({ ...wholeDeployment(name, false), final: [folderOf(name)] });

const integration: TestCategory = {
  ...fast("integration"),
  final: ["act-symlink-race", "llm-router-*bill", "messaging-exactly-one", "tenant*"].map(
    (file) => `test/integration/${file}.test.ts`,
  ),
  timeoutMs: 120_000,
  isIsolated: true,
  workers: waiting,
};

/** The integration suite again, on the broker's image, and what is there to test of compose. */
const containers: TestCategory = {
  ...wholeDeployment("containers", false),
  include: [folderOf("containers"), ...integration.include],
  final: integration.final,
  needsDocker: true,
  replacedModules: { "@nocp/runtime/testing/nats-test-server.ts": "test/containers/nats-test-server.ts" },
};

export const testCategories: readonly TestCategory[] = [
  fast("unit", [folderOf("unit"), ...besideSources]),
  fast("property"),
  fast("architecture"),
  fast("conformance"),
  integration,
  // Each file has ports and folders of its own.
  { ...wholeDeployment("e2e", true), workers: waiting },
  // Alone: a process that is slow for want of a processor looks like one that hangs, and leases are short.
  // With replicas and in a cluster, calls are excused by time, which a busy machine stretches: their long forms in `loss` are final.
  { ...wholeDeployment("recovery", true), final: ["test/recovery/loss.test.ts"] },
  counting("loss"),
  counting("races"),
  // On disks of its own: needs Linux, and root or sudo without a password.
  counting("power-loss"),
  counting("bill"),
  wholeDeployment("long", false),
  { ...wholeDeployment("package", false), timeoutMs: 900_000 },
  containers,
  { ...wholeDeployment("peers", false), timeoutMs: 900_000 },
  // Build Prometheus, Jaeger and a Kubernetes from source the first time.
  { ...wholeDeployment("monitoring", false), timeoutMs: 3_600_000 },
  { ...wholeDeployment("kubernetes", false), timeoutMs: 3_600_000 },
];

/** @param file path from the project's folder, with slashes. */
export const categoryOf = (file: string): string => /^test\/([^/]+)\//.exec(file)?.[1] ?? "unit";
