// The Helm chart as objects, and as files for Kustomize: one source, two ways to install it.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse, parseAllDocuments, stringify } from "yaml";

/** An object of Kubernetes, as YAML gives it. */
export interface KubernetesObject {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

const chartFolder = join(import.meta.dirname, "../helm/nocp");
/** Release and namespace of the Kustomize files. */
export const installation = { release: "nocp", namespace: "nocp" } as const;
/** A file of values beside the chart's own. */
export const valuesFile = (name: string): string => join(chartFolder, `values-${name}.yaml`);

/** The overlays, each with the values of the chart that say the same. */
export const overlays = {
  local: { values: [valuesFile("local")] },
  production: { values: [valuesFile("production")] },
  chain: { values: [valuesFile("local")], set: ["chain=true"] },
} as const satisfies Readonly<Record<string, Omit<RenderOptions, "helm">>>;

export interface RenderOptions {
  /** The program; Helm 3. */
  readonly helm: string;
  /** Files of values, absolute. */
  readonly values?: readonly string[];
  /** `name=value` each. */
  readonly set?: readonly string[];
}

/**
 * A copy of the chart without the broker's chart, which is fetched from its repository: for where that cannot be reached.
 * @returns what the work returns; the copy goes afterwards.
 */
export function withOwnChart<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "nocp-chart-"));
  try {
    cpSync(chartFolder, folder, { recursive: true });
    const { dependencies: _, ...chart } = parse(readFileSync(join(folder, "Chart.yaml"), "utf8")) as Record<string, unknown>;
    writeFileSync(join(folder, "Chart.yaml"), stringify(chart));
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `helm template` prints, hooks and tests included. @throws Error with Helm's words when the values are refused. */
export function renderChart({ helm, values = [], set = [] }: RenderOptions): KubernetesObject[] {
  const text = withOwnChart((folder) =>
    execFileSync(
      helm,
      [
        "template",
        installation.release,
        folder,
        "--namespace",
        installation.namespace,
        // Without a cluster Helm assumes one that depends on how it was built.
        "--kube-version",
        "1.35.0",
        ...values.flatMap((file) => ["--values", file]),
        ...set.flatMap((value) => ["--set", value]),
      ],
      { encoding: "utf8", maxBuffer: 64 * 1024 * 1024, stdio: ["ignore", "pipe", "pipe"] },
    ),
  );
  return objectsOf(text);
}

/** The objects of a YAML stream. */
export const objectsOf = (text: string): KubernetesObject[] =>
  parseAllDocuments(text)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);

/** `Deployment/nocp-act`. */
export const nameOf = ({ kind, metadata }: KubernetesObject): string => `${kind}/${metadata.name}`;

const isOfHelm = (name: string): boolean => name.startsWith("helm.sh/") || name === "app.kubernetes.io/managed-by";

const withoutHelm = (map: Readonly<Record<string, string>> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(map ?? {}).filter(([name]) => !isOfHelm(name)));

/** An object without what only Helm reads: hooks, the name of the chart, who manages it. Its tests are left out. */
export function withoutHelmMarks(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, inner]) => {
        if (key !== "labels" && key !== "annotations") return [[key, strip(inner)]];
        const kept = withoutHelm(inner as Record<string, string>);
        return Object.keys(kept).length === 0 ? [] : [[key, kept]];
      }),
    );
  };
  return objects
    .filter(({ metadata }) => metadata.annotations?.["helm.sh/hook"] !== "test")
    .map((object) => strip(object) as KubernetesObject)
    .sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
}

/** A file of `deploy/kubernetes`, below that folder. */
export interface KustomizeFile {
  readonly path: string;
  readonly text: string;
}

const generated = "# Generated from the Helm chart by deploy/kubernetes/write-files.ts.\n";
const streamOf = (objects: readonly KubernetesObject[]): string =>
  generated + objects.map((object) => `---\n${stringify(object, { lineWidth: 0, version: "1.1" })}`).join("");

/** The base, which has what most overlays have, and each overlay as what it adds to the base, changes in it and leaves out. */
export function kustomizeFiles(helm: string): KustomizeFile[] {
  const rendered = Object.entries(overlays).map(
    ([name, options]) => [name, withoutHelmMarks(renderChart({ helm, ...options }))] as const,
  );
  const [[, first] = ["", []]] = rendered;
  const having = (object: KubernetesObject) =>
    rendered.filter(([, set]) => set.some((other) => nameOf(other) === nameOf(object)));
  const base = first.filter((object) => having(object).length > rendered.length / 2);
  return [
    { path: "base/objects.yaml", text: streamOf(base) },
    {
      path: "base/kustomization.yaml",
      text: kustomization({ namespace: installation.namespace, resources: ["objects.yaml"] }),
    },
    ...rendered.flatMap(([name, wanted]) => overlayFiles(name, base, wanted)),
  ];
}

const kustomization = (fields: object): string =>
  generated + stringify({ apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", ...fields }, { lineWidth: 0 });

function overlayFiles(
  name: string,
  base: readonly KubernetesObject[],
  wanted: readonly KubernetesObject[],
): readonly KustomizeFile[] {
  const folder = `overlays/${name}`;
  const added = wanted.filter((object) => !base.some((known) => nameOf(known) === nameOf(object)));
  const patches = base.flatMap((object) => {
    const target = { kind: object.kind, name: object.metadata.name };
    const changed = wanted.find((other) => nameOf(other) === nameOf(object));
    const patch = changed ? differences(object, changed, "") : deletionOf(object);
    return isDeepStrictEqual(patch, []) ? [] : [{ target, patch: stringify(patch, { lineWidth: 0 }) }];
  });
  return [
    ...(added.length > 0 ? [{ path: `${folder}/objects.yaml`, text: streamOf(added) }] : []),
    {
      path: `${folder}/kustomization.yaml`,
      text: kustomization({
        namespace: installation.namespace,
        resources: ["../../base", ...(added.length > 0 ? ["objects.yaml"] : [])],
        ...(patches.length > 0 ? { patches } : {}),
      }),
    },
  ];
}

/** A strategic merge patch that leaves the object out. */
const deletionOf = ({ apiVersion, kind, metadata: { name } }: KubernetesObject) => ({
  $patch: "delete",
  apiVersion,
  kind,
  metadata: { name },
});

interface Operation {
  readonly op: "add" | "remove" | "replace";
  readonly path: string;
  readonly value?: unknown;
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** JSON Patch (RFC 6902) from one value to another; a list that differs is replaced as a whole. */
function differences(from: unknown, to: unknown, path: string): Operation[] {
  if (isDeepStrictEqual(from, to)) return [];
  if (!isMap(from) || !isMap(to)) return [{ op: "replace", path, value: to }];
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return keys.flatMap((key): Operation[] => {
    const inner = `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (!Object.hasOwn(to, key)) return [{ op: "remove", path: inner }];
    if (!Object.hasOwn(from, key)) return [{ op: "add", path: inner, value: to[key] }];
    return differences(from[key], to[key], inner);
  });
}
