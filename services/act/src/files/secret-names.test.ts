import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { actTestContext } from "../../../../test/fixtures/act-test-tool.ts";
import fileRead from "../tools/file-read.ts";
import { searchFiles } from "./search-files.ts";
import { secretNames } from "./secret-names.ts";

const root = realpathSync(mkdtempSync(join(tmpdir(), "nocp-secrets-")));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const write = (path: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), "needle");
};
const read = (path: string) => fileRead.run({ path, parse: "text" }, actTestContext({ fileRoots: [root] }));

/** Files that hold secrets, by the program that writes them. */
const secrets = {
  git: [".git-credentials", ".git/config", ".config/git/credentials", ".config/gh/hosts.yml"],
  containers: [".docker/config.json", ".dockercfg", ".kube/config", "deep/below/.kube/config", "kubeconfig"],
  databases: [".pgpass", "pgpass.conf", ".my.cnf", ".mylogin.cnf", ".snowsql/config", ".databrickscfg"],
  keys: [
    ...["id_rsa", "id_rsa.old", "id_dsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk", ".ssh/config", ".ssh/work"],
    ...["server.pem", "server.KEY", "store.p12", "store.pfx", "store.jks", "putty.ppk", "AuthKey.p8", "ci.keystore"],
    ...["id_xmss", "master.key", "ssh_host_ed25519_key", "krb5.keytab", "key.age", "store.pkcs12", "store.bcfks"],
  ],
  passwords: [
    ...["htpasswd", "conf/htpasswd", "users.htpasswd", ".htdigest", "etc/shadow", ".authinfo", ".msmtprc", ".smbcredentials"],
    ...["team.kdbx", ".htpasswd", ".netrc", "_netrc", ".password-store/mail.gpg", ".gnupg/secring.gpg"],
  ],
  environment: [".env", ".env.local", ".ENV", "production.env", "deep/.env.production", ".envrc"],
  clouds: [
    ...[".aws/credentials", ".azure/accessTokens.json", ".config/gcloud/credentials.db", ".boto", ".s3cfg"],
    ...["application_default_credentials.json", "credentials.json", "client_secret_1.json", "service-account.json"],
    ...[".config/gcloud/application_default_credentials.json", ".gcloud/key", ".oci/config", ".fly/config.yml"],
    ...[".azure/msal_token_cache.json", "accessTokens.json", "rclone.conf", ".config/rclone/rclone.conf", ".passwd-s3fs"],
  ],
  infrastructure: [
    ...["terraform.tfstate", "terraform.tfstate.backup", "prod.tfstate", "prod.tfvars", ".terraformrc"],
    ...[".vault-token", "secrets.yml", "secrets.yaml", "nocp.config.yaml", "user.creds", "operator.nk"],
    ...["prod.auto.tfvars", "prod.tfvars.json", "terraform.rc", "app.secrets.yaml", "group_vars/vault.yml", "wp-config.php"],
    ...["wp-config-sample.php", "secrets.toml"],
  ],
  packages: [
    ".npmrc",
    ".yarnrc.yml",
    ".pypirc",
    ".cargo/credentials.toml",
    ".gem/credentials",
    ".m2/settings.xml",
    ".bundle/config",
    ".config/pip/pip.conf",
  ],
};

describe("by default, tools do not read secrets of", () => {
  test.each(Object.entries(secrets))("%s", async (_program, paths) => {
    for (const path of paths) {
      write(path);
      await expect(read(path), path).rejects.toMatchObject({ code: "PATH_NOT_ALLOWED" });
    }
  });
});

test("what only looks like one is read", async () => {
  const plain = [
    ...["config.json", "docker/config.json", "kube/config", "environment.md", "keys.md", "id_mapping.csv", "monkey.txt"],
    ...["credentials.md", "secrets-rotation.md", "terraform.md", "envrc.txt", "gitignore", ".gitignore", ".github/workflow.yml"],
  ];
  for (const path of plain) {
    write(path);
    await expect(read(path), path).resolves.toMatchObject({ content: "needle" });
  }
});

test("a search finds only what may be read", () => {
  const task = { realPath: root, realRoot: root, root, fileDeny: secretNames, pattern: "needle", glob: "*" };
  const { matches } = searchFiles({ ...task, regex: false, ignoreCase: false, contextLines: 0, maxMatches: 500 });
  const found = new Set(matches.map(({ path }) => path.slice(root.length + 1)));
  expect(found.has("id_mapping.csv")).toBe(true);
  expect(
    Object.values(secrets)
      .flat()
      .filter((path) => found.has(path)),
  ).toEqual([]);
});
