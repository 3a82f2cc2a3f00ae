// Configuration of servers, builds and pipelines, in the languages that they have for it.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { records } from "./records.ts";
import { capitalised, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const settingCases: Readonly<Record<string, Make>> = {
  "sites of a Caddyfile": (words) =>
    records(words, 30, {
      name: "Caddyfile",
      query: (value) => `Which site is proxied to port ${value}?`,
      before: "{\n\temail admin@example.com\n}\n\n",
      record: (name, value) =>
        `${name}.example.com {\n\tencode gzip zstd\n\t@static path /static/* /${words.word()}/*\n\thandle @static {\n\t\troot * /srv/${words.word()}\n\t\tfile_server\n\t}\n\treverse_proxy localhost:${value} {\n\t\thealth_uri /healthz\n\t}\n}\n\n`,
      line: (value) => `localhost:${value}`,
      parent: (name) => `${name}.example.com`,
      siblings: /example\.com \{/,
    }),
  "jobs of GitLab CI": (words) =>
    records(words, 22, {
      name: ".gitlab-ci.yml",
      query: (_, name) => `Which port does the service of the job test:${name} have?`,
      before: "stages:\n  - test\n  - deploy\n\ndefault:\n  image: node:24\n\n",
      record: (name, value) =>
        `test:${name}:\n  stage: test\n  needs: []\n  services:\n    - name: postgres:16\n      alias: db\n  variables:\n    PGPORT: "${value}"\n    OWNER: ${words.word()}\n  script:\n    - npm ci\n    - npm test -- ${words.word()}\n  rules:\n    - if: $CI_COMMIT_BRANCH == "main"\n\n`,
      line: (value) => `PGPORT: "${value}"`,
      parent: (name) => `test:${name}:`,
      siblings: /^test:/,
    }),
  "stages of a Jenkinsfile": (words) =>
    records(words, 20, {
      name: "Jenkinsfile",
      query: (value) => `Which stage has a timeout of ${value} seconds?`,
      before: "pipeline {\n  agent any\n  stages {\n",
      record: (name, value) =>
        `    stage('${capitalised(name)}') {\n      when { branch 'main' }\n      steps {\n        sh 'make ${words.word()}'\n        timeout(time: ${value}, unit: 'SECONDS') {\n          sh './run.sh ${words.word()}'\n        }\n      }\n      post {\n        always { junit 'out/*.xml' }\n      }\n    }\n`,
      after: "  }\n}\n",
      line: (value) => `time: ${value}`,
      parent: (name) => `stage('${capitalised(name)}')`,
      siblings: /stage\('/,
    }),
  "members of a Cargo workspace": (words) =>
    records(words, 24, {
      name: "cat */Cargo.toml",
      query: (_, name) => `Which version does shop-${name} have?`,
      record: (name, value, at) =>
        `[package]\nname = "shop-${name}"\nversion = "0.${value}.0"\nedition = "2021"\n\n[dependencies]\nserde = { version = "1", features = ["derive"] }\n${words.word()} = "0.${at}"\n\n[dev-dependencies]\ncriterion = "0.5"\n\n`,
      line: (value) => `0.${value}.0`,
      parent: (name) => `"shop-${name}"`,
      siblings: /^name = /,
    }),
  "definitions of CUE": (words) =>
    records(words, 24, {
      name: "services.cue",
      query: (value) => `Which service has the port ${value}?`,
      before: "package shop\n\n#Service: {\n\tport: int & >0\n\towner: string\n}\n\nservices: {\n",
      record: (name, value, at) =>
        `\t${name}: #Service & {\n\t\towner:    "${words.word()}"\n\t\tport:     ${value}\n\t\treplicas: ${at + 1}\n\t\tlabels: stage: "${words.word()}"\n\t}\n`,
      after: "}\n",
      line: (value) => `port: ${value}`,
      parent: (name) => `${name}: #Service`,
      siblings: /#Service &/,
    }),
  "records of Dhall": (words) =>
    records(words, 24, {
      name: "services.dhall",
      query: (_, name) => `Which port does the service ${name} have?`,
      before: "let Service = { name : Text, port : Natural, owner : Text }\n\nin  ",
      record: (name, value, at) =>
        `${at === 0 ? "[" : "    ,"} { name = "${name}"\n      , owner = "${words.word()}"\n      , port = ${value}\n      , path = "/${words.word()}"\n      }\n`,
      after: "    ] : List Service\n",
      line: (value) => `port = ${value}`,
      parent: (name) => `name = "${name}"`,
      siblings: /name = /,
    }),
  "rules of logrotate": (words) =>
    records(words, 36, {
      name: "/etc/logrotate.d",
      query: (value) => `Which log is rotated at a size of ${value}k?`,
      before: "weekly\nrotate 4\ncreate\n\n",
      record: (name, value) =>
        `/var/log/${name}/*.log {\n    daily\n    missingok\n    size ${value}k\n    compress\n    postrotate\n        systemctl kill -s HUP ${words.word()}.service\n    endscript\n}\n\n`,
      line: (value) => `size ${value}k`,
      parent: (name) => `/var/log/${name}/`,
      siblings: /^\/var/,
    }),
  "programs of supervisord": (words) =>
    records(words, 30, {
      name: "supervisord.conf",
      query: (_, name) => `What is the priority of the program ${name}?`,
      record: (name, value) =>
        `[program:${name}]\ncommand=/usr/bin/python3 -m ${words.word()}.worker\ndirectory=/srv/${words.word()}\nautostart=true\npriority=${value}\nstdout_logfile=/var/log/worker.log\n; ${words.sentence()}\n\n`,
      line: (value) => `priority=${value}`,
      parent: (name) => `[program:${name}]`,
      siblings: /^\[program/,
    }),
  "hosts of an SSH client": (words) =>
    records(words, 40, {
      name: "~/.ssh/config",
      query: (_, name) => `Which Port is used for ${name}-bastion?`,
      before: "# defaults at the end\n",
      record: (name, value, at) =>
        `Host ${name}-bastion\n    HostName 192.0.2.${at}\n    User ${words.word()}\n    Port ${value}\n    IdentityFile ~/.ssh/${words.word()}\n    ForwardAgent no\n`,
      after: "Host *\n    ServerAliveInterval 60\n",
      line: (value) => `Port ${value}`,
      parent: (name) => `Host ${name}-bastion`,
      siblings: /^Host /,
    }),
  "alerting rules of Prometheus": (words) =>
    records(words, 24, {
      name: "rules.yaml",
      query: (value) => `Which alert fires above ${value}?`,
      before: "groups:\n- name: shop\n  interval: 30s\n  rules:\n",
      record: (name, value) =>
        `  - alert: ${capitalised(name)}High\n    expr: |\n      sum(rate(http_requests_total{job="${words.word()}"}[5m]))\n        > ${value}\n    for: 10m\n    labels:\n      severity: page\n    annotations:\n      summary: ${words.sentence()}\n`,
      line: (value) => `> ${value}`,
      parent: (name) => `alert: ${capitalised(name)}High`,
      siblings: /alert:/,
    }),
  "clusters of Envoy": (words) =>
    records(words, 22, {
      name: "envoy.yaml",
      query: (value) => `Which cluster has the port_value ${value}?`,
      before: "static_resources:\n  listeners: []\n  clusters:\n",
      record: (name, value) =>
        `  - name: ${name}_cluster\n    connect_timeout: 0.25s\n    type: STRICT_DNS\n    lb_policy: ROUND_ROBIN\n    load_assignment:\n      cluster_name: assigned\n      endpoints:\n      - lb_endpoints:\n        - endpoint:\n            address:\n              socket_address:\n                address: ${words.word()}.internal\n                port_value: ${value}\n`,
      line: (value) => `port_value: ${value}`,
      parent: (name) => `${name}_cluster`,
      siblings: /_cluster/,
    }),
  "rules of code owners": (words) =>
    records(words, 40, {
      name: "CODEOWNERS",
      query: (value) => `Which path is owned by @team-${value}?`,
      before: "# Order is important: the last match wins.\n*  @shop/core\n",
      record: (name, value) =>
        `\n# ${words.sentence()}\n/services/${name}/  @shop/${words.word()} @team-${value}\n/docs/${words.word()}/*.md  @shop/docs\n`,
      line: (value) => `@team-${value}`,
      parent: (name) => `/services/${name}/`,
      siblings: /never/,
    }),
  "machines of a Vagrantfile": (words) =>
    records(words, 20, {
      name: "Vagrantfile",
      query: (value) => `Which machine forwards the host port ${value}?`,
      before: 'Vagrant.configure("2") do |config|\n  config.vm.box = "debian/bookworm64"\n\n',
      record: (name, value, at) =>
        `  config.vm.define "${name}" do |node|\n    node.vm.hostname = "${words.word()}.local"\n    node.vm.network "private_network", ip: "10.0.0.${at}"\n    node.vm.network "forwarded_port", guest: 80, host: ${value}\n    node.vm.provider "virtualbox" do |vb|\n      vb.memory = ${at + 512}\n    end\n  end\n\n`,
      after: "end\n",
      line: (value) => `host: ${value}`,
      parent: (name) => `define "${name}"`,
      siblings: /config\.vm\.define/,
    }),
  "interfaces of netplan": (words) =>
    records(words, 26, {
      name: "netplan.yaml",
      query: (_, name) => `What is the mtu of vlan_${name}?`,
      before: "network:\n  version: 2\n  renderer: networkd\n  vlans:\n",
      record: (name, value, at) =>
        `    vlan_${name}:\n      id: ${at + 10}\n      link: eno1\n      mtu: ${value}\n      addresses: [10.${at}.0.2/24]\n      routes:\n      - to: 10.9.${at}.0/24\n        via: 10.${at}.0.1\n      nameservers:\n        search: [${words.word()}.example]\n`,
      line: (value) => `mtu: ${value}`,
      parent: (name) => `vlan_${name}:`,
      siblings: /vlan_/,
    }),
  "jails of fail2ban": (words) =>
    records(words, 36, {
      name: "jail.local",
      query: (value) => `Which jail has a bantime of ${value}?`,
      record: (name, value) =>
        `[${name}-auth]\n# ${words.sentence()}\nenabled  = true\nport     = http,https\nfilter   = ${words.word()}\nbantime  = ${value}\nmaxretry = 5\naction   = iptables-multiport[name=${words.word()}]\n           sendmail[dest=root]\n\n`,
      line: (value) => `bantime = ${value}`,
      parent: (name) => `[${name}-auth]`,
      siblings: /^\[\w+-auth/,
    }),
  "locals of Terraform variables": (words) =>
    records(words, 30, {
      name: "terraform.tfvars",
      query: (_, name) => `How much memory has the service ${name}?`,
      before: 'region = "eu-west-1"\n\nservices = {\n',
      record: (name, value, at) =>
        `  ${name} = {\n    image    = "shop/${words.word()}:1.${at}"\n    memory   = ${value}\n    replicas = ${at + 1}\n    tags     = ["${words.word()}", "prod"]\n  }\n`,
      after: "}\n",
      line: (value) => `memory = ${value}`,
      parent: (name) => `${name} = {`,
      siblings: /^ {2}\w+ = \{/,
    }),
  "services of Traefik labels": (words) =>
    records(words, 20, {
      name: "docker-compose.yml",
      query: (value) => `For which router is the load balancer's server port ${value}?`,
      before: "services:\n",
      record: (name, value, at) =>
        `  app${at}:\n    image: shop/${words.word()}:1\n    restart: unless-stopped\n    labels:\n      - traefik.enable=true\n      - traefik.http.routers.${name}.rule=Host(\`${words.word()}.example\`)\n      - traefik.http.routers.${name}.tls=true\n      - traefik.http.services.app.loadbalancer.server.port=${value}\n    networks: [web]\n`,
      line: (value) => `server.port=${value}`,
      parent: (name) => `routers.${name}.`,
      siblings: /routers\.\w+\.tls/,
    }),
  "sections of an environment file": (words) =>
    records(words, 40, {
      name: ".env.example",
      query: (_, name) => `What is the timeout of the ${name} service?`,
      record: (name, value) =>
        `# ---- ${capitalised(name)} ----\n# ${words.sentence()}\n${name.toUpperCase()}_URL=http://${words.word()}.internal\n${name.toUpperCase()}_TIMEOUT_MS=${value}\n# Leave empty to turn it off.\n${name.toUpperCase()}_TOKEN=\n\n`,
      line: (value) => `_TIMEOUT_MS=${value}`,
      parent: (name) => `${name.toUpperCase()}_TIMEOUT_MS`,
      siblings: /^# ----/,
    }),
  "timers of cloud-init": (words) =>
    records(words, 24, {
      name: "user-data",
      query: (value) => `Which file is written with LIMIT=${value}?`,
      before: "#cloud-config\npackage_update: true\nwrite_files:\n",
      record: (name, value, at) =>
        `- path: /etc/shop/${name}.conf\n  owner: root:root\n  permissions: '0644'\n  content: |\n    # ${words.sentence()}\n    OWNER=${words.word()}\n    LIMIT=${value}\n\n    SEED=${two(at)}\n`,
      after: "runcmd:\n- systemctl restart shop\n",
      line: (value) => `LIMIT=${value}`,
      parent: (name) => `/etc/shop/${name}.conf`,
      siblings: /path:/,
    }),
};
