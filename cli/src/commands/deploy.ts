// ./nocp deploy: what a Kubernetes cluster lacks for the chart before anything is applied, and the users of a broker of one's own.
// Changes nothing in the cluster.
import { join } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import { stringify } from "yaml";
import type { Environment } from "../command.ts";
import { type Finding, isHealthy } from "../doctor/finding.ts";
import { printFindings } from "../doctor/print-findings.ts";
import { brokerFinding } from "../kubernetes/broker-finding.ts";
import { brokerSecrets } from "../kubernetes/broker-secrets.ts";
import { loadChartValues } from "../kubernetes/chart-values.ts";
import {
  kindFindings,
  namespaceFinding,
  permissionsFinding,
  secretFindings,
  serverFinding,
} from "../kubernetes/cluster-findings.ts";
import { createKubectl } from "../kubernetes/kubectl.ts";
import { type CommonOptions, withCommonOptions } from "../options/shared-options.ts";
import { createMachine } from "../setup/create-machine.ts";
import { exitCodes } from "../terminal/exit-code.ts";

interface CheckOptions extends CommonOptions {
  readonly namespace: string;
  readonly values: readonly string[];
  readonly context?: string | undefined;
}

export function declareCommand(command: Command, environment: Environment): void {
  withCommonOptions(
    command
      .command("check")
      .description("Report what a cluster lacks for the Helm chart, before anything is applied.")
      .option("--namespace <name>", "namespace of the release", "nocp")
      .option("--values <files...>", "files of values, as for helm", [])
      .option("--context <name>", "context of the kubeconfig (default: the current one)"),
  ).action(async (options) => {
    const findings = await examine(environment, options);
    const healthy = isHealthy(findings);
    if (options.json) environment.terminal.printJson({ healthy, findings });
    else printFindings(environment.terminal, findings);
    process.exitCode = healthy ? exitCodes.ok : exitCodes.missingDependency;
  });
  withCommonOptions(
    command
      .command("credentials")
      .description("Print Secrets with the users for your own NATS server, for kubectl apply; the same ones each time.")
      .option("--namespace <name>", "namespace of the release", "nocp")
      .option("--user-secrets <name>", "prefix of their names, as broker.userSecrets in the values", "nocp-broker")
      .option("--tenants <names...>", "all tenants other than default; a new one's Secret is printed once"),
  ).action(({ namespace, userSecrets: prefix, tenants, json }) => {
    const folder = join(environment.dataFolder, "deploy", namespace);
    const secrets = brokerSecrets(folder, { namespace, prefix, tenants }, Date.now());
    if (json) environment.terminal.printJson({ apiVersion: "v1", kind: "List", items: secrets });
    else
      environment.terminal.print(
        secrets
          .map((secret) => `---\n${stringify(secret, { lineWidth: 0 })}`)
          .join("")
          .trimEnd(),
      );
    environment.terminal.note(`the passwords are stored in ${folder}`);
  });
}

async function examine(environment: Environment, options: CheckOptions): Promise<readonly Finding[]> {
  const { namespace, context } = options;
  const values = loadChartValues(environment.root, options.values);
  const kubectl = createKubectl(createMachine(environment, options), context);
  const server = await serverFinding(kubectl);
  // Without an API server nothing else can be asked.
  if (server.state === "missing") return [server];
  return [
    server,
    await namespaceFinding(kubectl, namespace),
    await permissionsFinding(kubectl, namespace, values),
    await brokerFinding(kubectl, namespace, values),
    ...(await kindFindings(kubectl, values)),
    ...(await secretFindings(kubectl, namespace, values)),
  ];
}
