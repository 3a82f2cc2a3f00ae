// Measurements of networks and hosts, and the configuration of daemons.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import type { Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const networkCases: Readonly<Record<string, Make>> = {
  "pings of several hosts": (words) =>
    records(words, 26, {
      name: "ping.log",
      query: (value) => `Which host answered in ${value} ms?`,
      record: (name, value, at) =>
        `PING ${name}.example (192.0.2.${at}) 56(84) bytes of data.\n64 bytes from 192.0.2.${at}: icmp_seq=1 ttl=57 time=${value} ms\n64 bytes from 192.0.2.${at}: icmp_seq=2 ttl=57 time=9.${at} ms\n\n--- statistics ---\n2 packets transmitted, 2 received, 0% packet loss, time 1001ms\nrtt min/avg/max/mdev = 9.1/9.5/12.0/0.${at} ms\n\n`,
      line: (value) => `time=${value} ms`,
      parent: (name) => `PING ${name}.example`,
      siblings: /^PING/,
    }),
  "traceroutes of several hosts": (words) =>
    records(words, 22, {
      name: "traceroute.log",
      query: (value) => `On the way to which host is the router r${value}?`,
      record: (name, value, at) =>
        `traceroute to ${name}.example (192.0.2.${at}), 30 hops max, 60 byte packets\n 1  gateway (10.0.0.1)  0.4 ms  0.3 ms  0.3 ms\n 2  ${words.word()}.net (10.1.0.${at})  2.1 ms  2.0 ms  2.2 ms\n 3  r${value}.net (10.2.0.${at})  8.1 ms  8.0 ms *\n 4  * * *\n`,
      line: (value) => `r${value}.net`,
      parent: (name) => `to ${name}.example`,
      siblings: /^traceroute/,
    }),
  "sensors of ipmitool": (words) =>
    records(words, 20, {
      name: "ipmitool sensor get",
      query: (_, name) => `What is the reading of the sensor ${name}_fan?`,
      record: (name, value, at) =>
        `Locating sensor record...\nSensor ID              : ${name}_fan (0x${two(at)})\n Entity ID             : 29.${at}\n Sensor Type (Threshold)  : Fan\n Sensor Reading        : ${value} (+/- 0) RPM\n Status                : ok\n Lower Critical        : 300.000\n Upper Critical        : na\n\n`,
      line: (value) => `${value} (+/- 0)`,
      parent: (name) => `${name}_fan`,
      siblings: /^Sensor ID/,
    }),
  "contexts of an Asterisk dialplan": (words) =>
    records(words, 26, {
      name: "extensions.conf",
      query: (value) => `In which context is the extension ${value}?`,
      before: "[general]\nstatic=yes\n\n",
      record: (name, value) =>
        `[from-${name}]\nexten => _X.,1,NoOp(call)\nexten => ${value},1,Answer()\n same => n,Dial(PJSIP/${words.word()},20)\n same => n,Hangup()\ninclude => ${words.word()}-out\n\n`,
      line: (value) => `exten => ${value}`,
      parent: (name) => `[from-${name}]`,
      siblings: /^\[from/,
    }),
  "matches of Fluentd": (words) =>
    records(words, 26, {
      name: "fluent.conf",
      query: (value) => `Which match is sent to port ${value}?`,
      before: "<source>\n  @type forward\n</source>\n\n",
      record: (name, value) =>
        `<match ${name}.**>\n  @type forward\n  <server>\n    host ${words.word()}.internal\n    port ${value}\n  </server>\n  <buffer>\n    flush_interval 5s\n    path /var/${words.word()}\n  </buffer>\n</match>\n\n`,
      line: (value) => `port ${value}`,
      parent: (name) => `<match ${name}.**>`,
      siblings: /^<match/,
    }),
  "shares of Samba": (words) =>
    records(words, 30, {
      name: "smb.conf",
      query: (_, name) => `What is max connections of the share ${name}?`,
      before: "[global]\n   workgroup = SHOP\n\n",
      record: (name, value) =>
        `[${name}]\n   comment = ${words.sentence()}\n   path = /srv/${words.word()}\n   valid users = @${words.word()}\n   max connections = ${value}\n   read only = no\n\n`,
      line: (value) => `max connections = ${value}`,
      parent: (name) => `[${name}]`,
      siblings: /^\[\w+\]/,
    }),
  "instances of keepalived": (words) =>
    records(words, 26, {
      name: "keepalived.conf",
      query: (value) => `Which instance has the priority ${value}?`,
      before: "global_defs {\n    router_id LB1\n}\n\n",
      record: (name, value, at) =>
        `vrrp_instance ${name} {\n    state BACKUP\n    interface eth${at % 3}\n    virtual_router_id ${at + 10}\n    priority ${value}\n    authentication {\n        auth_type PASS\n    }\n    virtual_ipaddress {\n        192.0.2.${at}/24\n    }\n}\n\n`,
      line: (value) => `priority ${value}`,
      parent: (name) => `vrrp_instance ${name} {`,
      siblings: /^vrrp_instance/,
    }),
  "services of Nagios": (words) =>
    records(words, 26, {
      name: "services.cfg",
      query: (value) => `Which host is checked with the port ${value}?`,
      record: (name, value) =>
        `define service {\n        use                     generic-service\n        host_name               ${name}\n        service_description     ${words.word()} check\n        check_command           check_tcp!${value}\n        notification_interval   60\n}\n\n`,
      line: (value) => `check_tcp!${value}`,
      parent: (name) => `host_name ${name}`,
      siblings: /host_name/,
    }),
  "rules of a mail filter": (words) =>
    nameBelow(
      records(words, 26, {
        name: "filter.sieve",
        query: (value) => `Into which folder go mails larger than ${value}K?`,
        before: 'require ["fileinto", "imap4flags"];\n\n',
        record: (name, value) =>
          `# rule:[${words.word()}]\nif allof (header :contains "subject" "${words.word()}",\n          size :over ${value}K)\n{\n  fileinto "INBOX.${name}";\n  stop;\n}\n`,
        line: (value) => `:over ${value}K`,
        parent: (name) => `INBOX.${name}`,
        siblings: /never/,
      }),
    ),
  "outputs of Logstash": (words) =>
    records(words, 24, {
      name: "pipeline.conf",
      query: (value) => `For which type is the flush size ${value}?`,
      before: "output {\n",
      record: (name, value) =>
        `  if [type] == "${name}" {\n    elasticsearch {\n      hosts => ["${words.word()}:9200"]\n      index => "${words.word()}-%{+YYYY.MM}"\n      flush_size => ${value}\n    }\n  }\n`,
      after: "}\n",
      line: (value) => `flush_size => ${value}`,
      parent: (name) => `[type] == "${name}"`,
      siblings: /\[type\] ==/,
    }),
  "jobs of CircleCI": (words) =>
    records(words, 20, {
      name: ".circleci/config.yml",
      query: (_, name) => `What is the no_output_timeout of the job test_${name}?`,
      before: "version: 2.1\njobs:\n",
      record: (name, value) =>
        `  test_${name}:\n    docker:\n      - image: cimg/node:24.0\n        environment:\n          OWNER: ${words.word()}\n    steps:\n      - checkout\n      - run:\n          name: Run ${words.word()}\n          command: npm test\n          no_output_timeout: ${value}s\n      - store_test_results:\n          path: out\n`,
      line: (value) => `no_output_timeout: ${value}s`,
      parent: (name) => `test_${name}:`,
      siblings: /^ {2}test_/,
    }),
  "messages in text format": (words) =>
    records(words, 26, {
      name: "config.textproto",
      query: (value) => `Which backend has max_rate: ${value}?`,
      record: (name, value, at) =>
        `backend {\n  name: "${name}"\n  address {\n    host: "${words.word()}.internal"\n    port: ${at + 80}\n  }\n  limits {\n    max_rate: ${value}\n    burst: ${at}\n  }\n}\n`,
      line: (value) => `max_rate: ${value}`,
      parent: (name) => `name: "${name}"`,
      siblings: /name:/,
    }),
  "profiles of pprof": (words) =>
    records(words, 14, {
      name: "go tool pprof -top",
      query: (value) => `Which service spends ${value}ms in runtime.mallocgc?`,
      record: (name, value, at) =>
        `File: ${name}\nType: cpu\nTime: Mar 2, 2026 at 10:${two(at)}am (CET)\nDuration: 30s, Total samples = 9000ms (30%)\nShowing top 4 nodes out of 90\n      flat  flat%   sum%        cum   cum%\n    ${at + 90}ms 1.00%  1.00%      990ms 11.00%  runtime.scanobject\n   ${value}ms 4.00%  5.00%     6000ms 60.00%  runtime.mallocgc\n    ${at + 20}ms 0.50%  5.50%      100ms  1.10%  main.${words.word()}\n\n`,
      line: (value) => `${value}ms`,
      parent: (name) => `File: ${name}`,
      siblings: /^File:/,
    }),
  "hosts of an inventory": (words) =>
    records(words, 30, {
      name: "ansible-inventory --list --yaml",
      query: (value) => `Which host has ansible_port ${value}?`,
      before: "all:\n  children:\n    web:\n      hosts:\n",
      record: (name, value, at) =>
        `        ${name}.example:\n          ansible_host: 192.0.2.${at}\n          ansible_port: ${value}\n          owner: ${words.word()}\n          disks:\n          - ${words.word()}\n`,
      line: (value) => `ansible_port: ${value}`,
      parent: (name) => `${name}.example:`,
      siblings: /\.example:/,
    }),
  "columns of kubectl explain": (words) =>
    records(words, 26, {
      name: "kubectl explain",
      query: (value) => `Which field has the default ${value}?`,
      before: "KIND:     Shop\nVERSION:  example.com/v1\n\nFIELDS:\n",
      record: (name, value) =>
        `   ${name}\t<integer>\n     The number of ${words.word()} objects that are kept. Must be positive.\n     Defaults to ${value}. Cannot be updated.\n\n`,
      line: (value) => `Defaults to ${value}`,
      parent: (name) => `${name} <integer>`,
      siblings: /<integer>/,
    }),
};
