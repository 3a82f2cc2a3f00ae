// Every image that the project names is pinned: by a version that stays what it is, or by digest.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";

const root = join(import.meta.dirname, "../../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const filesIn = (folder: string, names: RegExp): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => names.test(name) && !name.includes("node_modules"))
    .map((name) => join(folder, name));

/** Three numbers at least, as in 1.2.3, v1.2.3-alpine and qemu-v1.2.3-4; or the digest of what it names. */
const isPinned = (image: string): boolean => /(:(?:[a-z]+-)?v?\d+\.\d+\.\d+(?:-[\w.-]+)?|@sha256:[0-9a-f]{64})$/.test(image);

/** Values of the keys `image`, wherever they stand; objects of a chart's values are not meant. */
function imagesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === "image" && typeof item === "string" ? [item] : imagesIn(item)));
}
const workflows = filesIn(".github/workflows", /\.yml$/);
const objects = ["docker-compose.yml", ...filesIn("deploy/kubernetes", /\.yaml$/), ...workflows];
const fromYaml = objects.flatMap((path) =>
  parseAllDocuments(read(path), { merge: true }).flatMap((document) => imagesIn(document.toJS())),
);

test("a version is exact, or it is none", () => {
  const digest = `sha256:${"0a".repeat(32)}`;
  const exact = [
    "nats:2.15.3",
    "nats:2.15.3-alpine",
    "prom/prometheus:v3.15.0",
    "own/binfmt:qemu-v10.2.3-68",
    `a/b:1.5@${digest}`,
  ];
  const moving = [
    "nats",
    "nats:latest",
    "nats:2",
    "nats:2-alpine",
    "nats:2.15",
    "a/b:stable-1",
    "node:24-slim",
    "host:5000/nats",
  ];
  expect(exact.filter((image) => !isPinned(image))).toEqual([]);
  expect(moving.filter(isPinned)).toEqual([]);
});

test("the images of docker-compose.yml, of the Kubernetes objects and of the workflows are pinned", () => {
  expect(fromYaml.length).toBeGreaterThan(10);
  expect(fromYaml.filter((image) => !isPinned(image))).toEqual([]);
});

test("the Dockerfile builds on one pinned image, and on no frontend but the builder's own", () => {
  const dockerfile = read("deploy/Dockerfile");
  const bases = [...dockerfile.matchAll(/^FROM (?:--\S+ )*(\S+)/gm)].map(([, base]) => base);
  const [, base = ""] = /^ARG BASE_IMAGE=(\S+)$/m.exec(dockerfile) ?? [];
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as the Dockerfile writes it
  expect(new Set(bases)).toEqual(new Set(["${BASE_IMAGE}"]));
  expect([base, isPinned(base)]).toEqual([base, true]);
  expect(dockerfile).not.toMatch(/^#\s*syntax\s*=/m);
});

test("the chart's image is the one of its version, and the broker's chart brings the images of one version", () => {
  const chart = parse(read("deploy/helm/nocp/Chart.yaml")) as { appVersion: string; dependencies: { version: string }[] };
  for (const version of [chart.appVersion, ...chart.dependencies.map((dependency) => dependency.version)])
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  for (const path of filesIn("deploy/helm/nocp", /^values.*\.yaml$/)) {
    const { image } = parse(read(path)) as { image?: { tag?: string } };
    expect(image?.tag ?? "", path).toBe("");
  }
  const templates = filesIn("deploy/helm/nocp/templates", /\.(yaml|tpl)$/)
    .map(read)
    .join("\n");
  const written = [...templates.matchAll(/^\s*(?:- )?image: (.+)$/gm)].map(([, image]) => image);
  expect(new Set(written)).toEqual(new Set(['{{ include "nocp.image" . }}', '{{ include "nocp.image" $ }}']));
});

test("what the workflows build with and run on is pinned, too", () => {
  const texts = workflows.map(read).join("\n");
  const builders = [...texts.matchAll(/(?:driver-opts: image=|sbom: generator=)(\S+)/g)].map(([, image]) => image ?? "");
  expect(builders).toHaveLength(2);
  expect(builders.filter((image) => !isPinned(image))).toEqual([]);
  // Without an image of its own, the action takes the latest one.
  for (const action of ["setup-qemu-action", "setup-buildx-action"])
    expect(texts).toMatch(new RegExp(String.raw`docker/${action}@\S+\n +with:\n +(image|driver-opts): `));
  expect(texts).not.toMatch(/-latest\b|:latest\b/);
});

test("./nocp and the tests start no image that is not pinned, and the broker of docker-compose.yml", () => {
  const known = "nats|alpine|debian|ubuntu|busybox|redis|postgres|prometheus|grafana|jaeger";
  const named = new RegExp(String.raw`["'\x60]((?:[\w.-]+/)*(?:${known}):[a-z0-9][\w.-]*)["'\x60]`, "g");
  const images = ["cli/src", "benchmarks/src", "test"]
    .flatMap((folder) => filesIn(folder, /\.ts$/))
    .filter((path) => !path.endsWith("pinned-images.test.ts"))
    .flatMap((path) => [...read(path).matchAll(named)].map(([, image]) => image ?? ""))
    // A port of a host.
    .filter((image) => !/:\d{4,5}$/.test(image));
  expect(images.filter((image) => !isPinned(image))).toEqual([]);
  expect(images).toContain(fromYaml.find((image) => image.startsWith("nats:")));
});
