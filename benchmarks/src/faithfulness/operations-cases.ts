// What operators read: descriptions of objects, lock files, units, workflows, plans, schemas and reports.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { records } from "./records.ts";
import { times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

export const operationsCases: Readonly<Record<string, Make>> = {
  "kubectl describe": (words) =>
    records(words, 24, {
      name: "kubectl describe pods",
      query: (value) => `Which pod has the container port ${value}?`,
      record: (name, value, at) =>
        `Name:             ${name}-0\nNamespace:        shop\nNode:             node-${at}/10.0.0.${at}\nLabels:           app=${words.word()}\n                  tier=${words.word()}\nContainers:\n  main:\n    Image:          registry.example/${words.word()}:${at}\n    Port:           ${value}/TCP\n    Limits:\n      cpu:     ${at + 1}\n      memory:  ${at + 1}Gi\nConditions:\n  Type              Status\n  Ready             True\nEvents:             <none>\n\n\n`,
      line: (value) => `Port:           ${value}/TCP`,
      parent: (name) => `${name}-0`,
      siblings: /^Name:/,
    }),
  "packages of a lock file": (words) =>
    records(words, 60, {
      name: "Cargo.lock",
      query: (value) => `Which package has the version 0.${value}.1?`,
      before: "version = 4\n\n",
      record: (name, value) =>
        `[[package]]\nname = "${name}-core"\nversion = "0.${value}.1"\nsource = "registry+https://crates.example/index"\nchecksum = "${(value * 7919).toString(16).repeat(8)}"\ndependencies = [\n "${words.word()}",\n "${words.word()}",\n]\n\n`,
      line: (value) => `version = "0.${value}.1"`,
      parent: (name) => `"${name}-core"`,
      siblings: /^\[\[package\]\]/,
    }),
  "blocks of sshd_config": (words) =>
    records(words, 36, {
      name: "sshd_config",
      query: (value) => `Which user may listen on port ${value}?`,
      before: "Port 22\nPermitRootLogin no\n\n",
      record: (name, value) =>
        `Match User ${name}\n    ChrootDirectory /srv/${words.word()}\n    PermitListen localhost:${value}\n    X11Forwarding no\n    MaxSessions ${words.below(9)}\n\n`,
      line: (value) => `PermitListen localhost:${value}`,
      parent: (name) => `Match User ${name}`,
      siblings: /^Match /,
    }),
  "paths of OpenAPI": (words) =>
    records(words, 24, {
      name: "openapi.yaml",
      query: (value) => `Which path has at most ${value} items?`,
      before: "openapi: 3.1.0\ninfo:\n  title: Shop\n  version: 1.0.0\npaths:\n",
      record: (name, value) =>
        `  /${name}/{id}:\n    get:\n      summary: ${words.sentence()}\n      parameters:\n        - in: path\n          name: id\n          required: true\n      responses:\n        "200":\n          content:\n            application/json:\n              schema:\n                type: array\n                maxItems: ${value}\n`,
      line: (value) => `maxItems: ${value}`,
      parent: (name) => `/${name}/{id}:`,
      siblings: /^ {2}\/\w+/,
    }),
  "jobs of a workflow": (words) =>
    records(words, 24, {
      name: ".github/workflows/ci.yml",
      query: (value) => `Which job times out after ${value} seconds?`,
      before: "name: ci\non: [push]\njobs:\n",
      record: (name, value) =>
        `  ${name}:\n    runs-on: ubuntu-24.04\n    needs: [${words.word()}]\n    steps:\n      - uses: actions/checkout@v4\n      - name: Run the ${words.word()}\n        run: |\n          make ${words.word()}\n          make ${words.word()} TIMEOUT=${value}\n      - name: Report\n        run: ./report.sh ${words.word()}\n`,
      line: (value) => `TIMEOUT=${value}`,
      parent: (name) => `${name}:`,
      siblings: /^ {2}\w+:$/,
    }),
  "units of systemd": (words) =>
    records(words, 30, {
      name: "units",
      query: (value) => `Which unit sets the limit of open files to ${value}?`,
      record: (name, value) =>
        `# /etc/systemd/system/${name}.service\n[Unit]\nDescription=The ${words.word()} of the ${words.word()}\nAfter=network.target\n\n[Service]\nExecStart=/usr/bin/${words.word()} --serve\nLimitNOFILE=${value}\nRestart=always\n\n[Install]\nWantedBy=multi-user.target\n\n`,
      line: (value) => `LimitNOFILE=${value}`,
      parent: (name) => `${name}.service`,
      siblings: /^# \//,
    }),
  "changes of a Terraform plan": (words) =>
    records(words, 24, {
      name: "terraform plan",
      query: (value) => `Which resource gets the size ${value}?`,
      before: "Terraform will perform the following actions:\n\n",
      record: (name, value) =>
        `  # aws_ebs_volume.${name} will be updated in-place\n  ~ resource "aws_ebs_volume" "${name}" {\n        id   = "vol-${words.below(90000)}"\n      ~ size = ${value - 1} -> ${value}\n        tags = {\n            "Owner" = "${words.word()}"\n        }\n        # (9 unchanged attributes hidden)\n    }\n\n`,
      after: "Plan: 0 to add, 24 to change, 0 to destroy.\n",
      line: (value) => `-> ${value}`,
      parent: (name) => `"${name}"`,
      siblings: /resource "/,
    }),
  "columns of a schema dump": (words) =>
    records(words, 24, {
      name: "schema.sql",
      query: (value) => `Which table has a code of ${value} characters?`,
      record: (name, value) =>
        `CREATE TABLE public.${name} (\n    id bigint NOT NULL,\n    ${words.word()}_name text,\n    code character varying(${value}),\n    created_at timestamp with time zone DEFAULT now()\n);\n\nALTER TABLE public.${name} OWNER TO shop;\n\n`,
      line: (value) => `code character varying(${value})`,
      parent: (name) => `public.${name}`,
      siblings: /^CREATE TABLE/,
    }),
  "properties over several lines": (words) =>
    records(words, 40, {
      name: "routes.properties",
      query: (value) => `Which route goes to port ${value}?`,
      record: (name, value) =>
        `route.${name}.hosts = ${words.word()}.example, \\\n    ${words.word()}.example:${value}, \\\n    ${words.word()}.example\nroute.${name}.retries = ${words.below(9)}\n`,
      line: (value) => `.example:${value}`,
      parent: (name) => `route.${name}.hosts`,
      siblings: /^route\./,
    }),
  "subtests of Go": (words) => {
    const chosen = 30 + words.below(90);
    const test = (at: number) =>
      at === chosen
        ? `=== RUN   TestCart/${words.word()}_${at}\n    cart_test.go:41: total = 30, want 31\n--- FAIL: TestCart/case_${at} (0.01s)`
        : `=== RUN   TestCart/case_${at}\n--- PASS: TestCart/case_${at} (0.00s)`;
    return {
      query: "Which subtest failed, and why?",
      name: "go test -v",
      text: times(150, test).join("\n"),
      gold: { all: ["cart_test.go:41: total = 30, want 31", `--- FAIL: TestCart/case_${chosen}`] },
    };
  },
  "chained exceptions of Python": (words) => {
    const at = 40 + words.below(80);
    const line = (own: number) => `INFO:worker:task ${own} of the ${words.word()} is done in ${words.below(90)} ms`;
    const trace = [
      "ERROR:worker:task 4711 failed",
      "Traceback (most recent call last):",
      '  File "/srv/shop/cart.py", line 41, in total',
      "    return prices[item]",
      "KeyError: 'saddle'",
      "",
      "During handling of the above exception, another exception occurred:",
      "",
      "Traceback (most recent call last):",
      '  File "/srv/shop/worker.py", line 17, in run',
      "    total(cart)",
      "shop.errors.PriceMissing: no price for saddle",
    ];
    return {
      query: "Why did task 4711 fail?",
      name: "worker.log",
      text: [...times(at, line), ...trace, ...times(160 - at, (own) => line(at + own))].join("\n"),
      gold: { all: trace.filter((own) => own !== "") },
    };
  },
};
