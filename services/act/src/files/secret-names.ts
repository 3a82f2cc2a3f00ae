// Names that hold secrets or other tenants' content more often than anything worth reading.

/** The folder that a tool keeps its secrets in: all of it. */
const folders = [
  ".git",
  ".nocp",
  ".ssh",
  ".gnupg",
  ".aws",
  ".azure",
  ".gcloud",
  ".config/gcloud",
  ".config/gh",
  ".config/hub",
  ".config/doctl",
  ".password-store",
  ".terraform.d",
];

/** Credentials that programs look for under a name of their own. */
const credentials = [
  ".git-credentials",
  ".config/git/credentials",
  ".docker/config.json",
  ".dockercfg",
  ".kube/config",
  "kubeconfig",
  ".npmrc",
  ".yarnrc",
  ".yarnrc.yml",
  ".pypirc",
  ".netrc",
  "_netrc",
  ".pgpass",
  ".my.cnf",
  ".mylogin.cnf",
  ".boto",
  ".s3cfg",
  ".htpasswd",
  ".vault-token",
  ".terraformrc",
  "terraform.rc",
  ".cargo/credentials",
  ".cargo/credentials.toml",
  ".gem/credentials",
  ".composer/auth.json",
  ".m2/settings.xml",
  ".gradle/gradle.properties",
  "application_default_credentials.json",
  "credentials.json",
  "credentials.db",
  "client_secret*.json",
  "service-account*.json",
  "service_account*.json",
  "nocp.config.yaml",
];

/** Settings that are secrets as a rule. */
const settings = [
  ".env",
  ".env.*",
  "*.env",
  ".envrc",
  "secrets.yml",
  "secrets.yaml",
  "secrets.json",
  "secrets.toml",
  "*.tfvars",
  "*.tfvars.json",
  "terraform.tfstate*",
  "*.tfstate",
  "*.tfstate.backup",
];

/** Private keys and stores of keys. */
const keys = [
  "id_rsa*",
  "id_dsa*",
  "id_ecdsa*",
  "id_ed25519*",
  "id_xmss*",
  "*.pem",
  "*.key",
  "*.ppk",
  "*.p8",
  "*.p12",
  "*.pfx",
  "*.pkcs12",
  "*.jks",
  "*.keystore",
  "*.kdb",
  "*.kdbx",
  "*.nk",
  "*.creds",
  "*.gpg",
  "*.ovpn",
];

export const secretNames: readonly string[] = [...folders, ...credentials, ...settings, ...keys];
