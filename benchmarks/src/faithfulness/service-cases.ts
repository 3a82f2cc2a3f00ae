// What clients of databases, brokers, clouds and repositories print, and what is sent to mailing lists.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import { capitalised, times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const serviceCases: Readonly<Record<string, Make>> = {
  "docker inspect": (words) =>
    records(words, 24, {
      name: "docker inspect",
      query: (value) => `Which container publishes the HostPort ${value}?`,
      before: "[\n",
      record: (name, value, at) =>
        `    {\n        "Id": "${(value * 7919).toString(16).repeat(6)}",\n        "Created": "2026-03-02T10:00:${two(at)}Z",\n        "Name": "/${name}-1",\n        "State": {\n            "Status": "running",\n            "Pid": ${at + 900}\n        },\n        "HostConfig": {\n            "Binds": [\n                "/srv/${words.word()}:/data"\n            ],\n            "PortBindings": {\n                "80/tcp": [\n                    {\n                        "HostIp": "",\n                        "HostPort": "${value}"\n                    }\n                ]\n            }\n        }\n    }${at === 23 ? "" : ","}\n`,
      after: "]\n",
      line: (value) => String(value),
      parent: (name) => `/${name}-1`,
      siblings: /\/\w+-1/,
    }),
  "layers of docker history": (words) =>
    records(words, 60, {
      name: "docker history",
      query: (value) => `Which file does the layer of ${value}kB copy?`,
      before: "IMAGE          CREATED        CREATED BY                                      SIZE      COMMENT\n",
      record: (name, value, at) =>
        `<missing>      ${at + 2} days ago    ${`COPY ${name}.tar /srv/ # buildkit`.padEnd(48)}${value}kB    buildkit.dockerfile.v0\n`,
      line: (value) => `${value}kB`,
      parent: (name) => `${name}.tar`,
      siblings: /never/,
    }),
  "state of Terraform": (words) =>
    records(words, 24, {
      name: "terraform state show",
      query: (value) => `Which instance has a volume of size ${value}?`,
      record: (name, value, at) =>
        `# aws_instance.${name}:\nresource "aws_instance" "${name}" {\n    ami                          = "ami-${at}9"\n    availability_zone            = "eu-1a"\n    ebs_optimized                = false\n    tags                         = {\n        "Owner" = "${words.word()}"\n    }\n\n    root_block_device {\n        delete_on_termination = true\n        encrypted             = false\n        volume_size           = ${value}\n        volume_type           = "gp3"\n    }\n}\n\n`,
      line: (value) => `= ${value}`,
      parent: (name) => `"${name}"`,
      siblings: /resource "/,
    }),
  "secrets of vault": (words) =>
    records(words, 26, {
      name: "vault kv get",
      query: (value) => `Which secret path holds the port ${value}?`,
      record: (name, value, at) =>
        `====== Secret Path ======\nkv/data/shop/${name}\n\n======= Metadata =======\nKey                Value\n---                -----\ncreated_time       2026-03-02T10:00:${two(at)}Z\ncustom_metadata    <nil>\ndestroyed          false\nversion            ${at + 1}\n\n====== Data ======\nKey         Value\n---         -----\nhost        ${words.word()}.example\nport        ${value}\nuser        ${words.word()}\n\n`,
      line: (value) => `port ${value}`,
      parent: (name) => `kv/data/shop/${name}`,
      siblings: /^kv\/data/,
    }),
  "Redis of several hosts": (words) =>
    records(words, 24, {
      name: "info.txt",
      query: (value) => `Which host has ${value} connected clients?`,
      record: (name, value, at) =>
        `==> ${name}.example <==\n# Server\nredis_version:7.2.4\ntcp_port:6379\nuptime_in_days:${at}\n\n# Clients\nconnected_clients:${value}\nblocked_clients:0\n\n# Memory\nused_memory:${90000 + at}\nmaxmemory_policy:noeviction\n\n`,
      line: (value) => `connected_clients:${value}`,
      parent: (name) => `${name}.example`,
      siblings: /^==>/,
    }),
  "documents of mongosh": (words) =>
    records(words, 28, {
      name: "mongosh",
      query: (value) => `Which customer lives in the zip code ${value}?`,
      before: "[\n",
      record: (name, value, at) =>
        `  {\n    _id: ObjectId('65f0${at + 10}aa'),\n    name: '${capitalised(name)} Ltd',\n    items: [\n${times(1 + words.below(3), (own) => `      { sku: '${words.word()}-${own}', qty: ${own + 1} },\n`).join("")}    ],\n    address: {\n      city: '${capitalised(words.word())}',\n      zip: ${value}\n    }\n  },\n`,
      after: "]\n",
      line: (value) => `zip: ${value}`,
      parent: (name) => `'${capitalised(name)} Ltd'`,
      siblings: / name: /,
    }),
  "plans of Oracle": (words) =>
    records(words, 20, {
      name: "dbms_xplan",
      query: (value) => `Which statement reads the index IX_${value}?`,
      record: (name, value, at) =>
        `SQL_ID  ${name}, child number 0\n-------------------------------------\nselect sum(price) from ${words.word()} where id = :b1\n\nPlan hash value: ${at + 33000}\n\n${"-".repeat(52)}\n| Id  | Operation          | Name       | Rows  |\n${"-".repeat(52)}\n|   0 | SELECT STATEMENT   |            |       |\n|   1 |  SORT AGGREGATE    |            |     1 |\n|*  2 |   INDEX RANGE SCAN | IX_${value}    |   ${at + 10} |\n${"-".repeat(52)}\n\nPredicate Information (identified by operation id):\n---------------------------------------------------\n\n   2 - access("ID"=:B1)\n\n`,
      line: (value) => `IX_${value}`,
      parent: (name) => `SQL_ID  ${name}`,
      siblings: /^SQL_ID/,
    }),
  "groups of Kafka": (words) =>
    records(words, 30, {
      name: "kafka-consumer-groups --describe --all-groups",
      query: (value) => `Which group has a lag of ${value}?`,
      record: (name, value, at) =>
        `\nGROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID\n${times(3, (own) => `${name.padEnd(16)}orders          ${own}          ${9000 + at}            ${9000 + at}            ${own === 1 ? value : own}               ${words.word()}-${own}\n`).join("")}`,
      line: (value) => ` ${value} `,
      parent: (name) => name,
      siblings: /never/,
    }),
  "queues of RabbitMQ": (words) =>
    records(words, 30, {
      name: "rabbitmqctl list_queues",
      query: (value) => `Which vhost has a queue with ${value} messages?`,
      record: (name, value, at) =>
        `Timeout: 60.0 seconds ...\nListing queues for vhost ${name} ...\nname\tmessages\tconsumers\n${times(2 + words.below(4), (own) => `${words.word()}\t${own + at}\t1\n`).join("")}orders\t${value}\t2\n`,
      line: (value) => `orders\t${value}`,
      parent: (name) => `for vhost ${name} `,
      siblings: /for vhost/,
    }),
  "tables of Cassandra": (words) =>
    records(words, 22, {
      name: "DESCRIBE KEYSPACE shop",
      query: (value) => `Which table has gc_grace_seconds = ${value}?`,
      before: "CREATE KEYSPACE shop WITH replication = {'class': 'SimpleStrategy'};\n\n",
      record: (name, value) =>
        `CREATE TABLE shop.${name} (\n    id uuid,\n    day date,\n    ${words.word()} text,\n    PRIMARY KEY (id, day)\n) WITH CLUSTERING ORDER BY (day ASC)\n    AND bloom_filter_fp_chance = 0.01\n    AND comment = ''\n    AND compression = {'chunk_length_in_kb': '16'}\n    AND gc_grace_seconds = ${value}\n    AND speculative_retry = '99p';\n\n`,
      line: (value) => `gc_grace_seconds = ${value}`,
      parent: (name) => `shop.${name} (`,
      siblings: /^CREATE TABLE/,
    }),
  "triggers of SQLite": (words) =>
    records(words, 30, {
      name: ".schema",
      query: (value) => `Which trigger aborts above ${value}?`,
      record: (name, value) =>
        `CREATE TRIGGER ${name}_check BEFORE INSERT ON ${words.word()}\nBEGIN\n  UPDATE counters SET count = count + 1 WHERE name = '${words.word()}';\n  SELECT RAISE(ABORT, 'too many') WHERE NEW.total > ${value};\n  DELETE FROM ${words.word()} WHERE id = OLD.id;\nEND;\n`,
      line: (value) => `NEW.total > ${value}`,
      parent: (name) => `TRIGGER ${name}_check`,
      siblings: /^CREATE TRIGGER/,
    }),
  "alerts of Grafana": (words) =>
    nameBelow(
      records(words, 28, {
        name: "alerts.txt",
        query: (value) => `Which alert has the value ${value}?`,
        before: "**Firing**\n",
        record: (name, value) =>
          `\nValue: A=${value}, C=1\nLabels:\n - alertname = ${capitalised(name)}High\n - grafana_folder = shop\n - instance = ${words.word()}.example\nAnnotations:\n - summary = ${words.sentence()}\nSource: https://grafana.example/alerting/${words.word()}/view\n`,
        line: (value) => `A=${value}`,
        parent: (name) => `alertname = ${capitalised(name)}High`,
        siblings: /alertname/,
      }),
    ),
  "tables of the aws command": (words) =>
    records(words, 22, {
      name: "aws ec2 describe-volumes --output table",
      query: (value) => `Which volume has ${value} Iops? Give its alias.`,
      before: `${"-".repeat(45)}\n|              DescribeVolumes              |\n+-------------------------------------------+\n`,
      record: (name, value, at) =>
        `||                 Volumes                 ||\n|+-------------------+---------------------+|\n||  Alias            |  ${name.padEnd(19)}||\n||  AvailabilityZone |  eu-1a              ||\n||  Iops             |  ${String(value).padEnd(19)}||\n||  Size             |  ${String(at).padEnd(19)}||\n||  State            |  in-use             ||\n|+-------------------+---------------------+|\n`,
      line: (value) => `| ${value} `,
      parent: (name) => name,
      siblings: /Alias/,
    }),
  "text of the aws command": (words) =>
    records(words, 40, {
      name: "aws ec2 describe-volumes --output text",
      query: (value) => `Which volume is attached to i-${value}?`,
      record: (name, value, at) =>
        `VOLUMES\teu-1a\t2026-03-02\tFalse\t${at * 10}\t${at + 1}\tin-use\tvol-${name}\tgp3\nATTACHMENTS\t2026-03-02\tTrue\t/dev/sda1\ti-${value}\tattached\nTAGS\tOwner\t${words.word()}\nTAGS\tStage\t${words.word()}\n`,
      line: (value) => `i-${value}`,
      parent: (name) => `vol-${name}`,
      siblings: /^VOLUMES/,
    }),
  "keys of etcd": (words) =>
    records(words, 60, {
      name: "etcdctl get --prefix /shop",
      query: (value) => `Which key has the value ${value}?`,
      record: (name, value) => `/shop/${name}/mode\n${words.word()}\n/shop/${name}/port\n${value}\n`,
      line: (value) => String(value),
      parent: (name) => `/shop/${name}/port`,
      siblings: /^\/shop/,
    }),
  "git log --graph": (words) =>
    records(words, 36, {
      name: "git log --graph --stat",
      query: (value) => `Who wrote the commit that changes src/part_${value}.ts?`,
      record: (name, value, at) =>
        `* commit ${(value * 7919).toString(16).padStart(8, "a").repeat(5)}\n| Author: ${capitalised(name)} Example <mail@example>\n| Date:   Mon Mar 2 10:${two(at)}:00 2026 +0100\n| \n|     Move the ${words.word()} to the ${words.word()}\n| \n|  src/${words.word()}.ts | ${at + 1} +\n|  src/part_${value}.ts | ${at + 2} +-\n|  2 files changed, ${at + 2} insertions(+), 1 deletion(-)\n| \n`,
      line: (value) => `src/part_${value}.ts`,
      parent: (name) => `${capitalised(name)} Example`,
      siblings: /Author:/,
    }),
  "svn log -v": (words) =>
    records(words, 36, {
      name: "svn log -v",
      query: (value) => `Who added part_${value}.c?`,
      record: (name, value, at) =>
        `${"-".repeat(72)}\nr${900 + at} | ${name} | 2026-03-02 10:${two(at)}:00 +0100 (Mon, 02 Mar 2026) | 2 lines\nChanged paths:\n   M /trunk/src/${words.word()}.c\n${times(words.below(3), () => `   M /trunk/src/${words.word()}.h\n`).join("")}   A /trunk/src/part_${value}.c\n\n${words.sentence()}\n\n`,
      after: `${"-".repeat(72)}\n`,
      line: (value) => `part_${value}.c`,
      parent: (name) => `| ${name} |`,
      siblings: /^r\d+ \|/,
    }),
  "reviews of gh pr view": (words) =>
    records(words, 20, {
      name: "gh pr view --comments",
      query: (value) => `Who asks for a limit of ${value}?`,
      before: `title:\tMove the parser\nstate:\tOPEN\nauthor:\tthistle-bot\nlabels:\tarea/parser\nnumber:\t77\n--\n${words.paragraph(3)}\n\n`,
      record: (name, value, at) =>
        `${name} commented • Mar ${at + 1}, 2026 • Member${at % 3 === 0 ? " • Edited" : ""}\n\n  ${words.sentence()}\n\n  Please set the limit to ${value}.\n\n  ${words.sentence()}\n\n\n`,
      after: "View this pull request on GitHub: https://github.example/shop/pull/77\n",
      line: (value) => `the limit to ${value}`,
      parent: (name) => `${name} commented`,
      siblings: /commented •/,
    }),
  "git shortlog": (words) =>
    records(words, 30, {
      name: "git shortlog",
      query: (value) => `Who closed ticket ${value}?`,
      record: (name, value) => {
        const others = times(1 + words.below(5), () => `      Move the ${words.word()} to the ${words.word()}\n`);
        return `${capitalised(name)} Example (${others.length + 2}):\n${others.join("")}      Close ticket ${value}\n      Rename the ${words.word()}\n\n`;
      },
      line: (value) => `Close ticket ${value}`,
      parent: (name) => `${capitalised(name)} Example (`,
      siblings: /\(\d+\):/,
    }),
  "messages of a digest": (words) =>
    records(words, 24, {
      name: "Shop Digest, Vol 9, Issue 4",
      query: (value) => `Who saw ${value} errors?`,
      before: `Today's Topics:\n\n   1. The parser\n   2. The build\n\n\n${"-".repeat(70)}\n\n`,
      record: (name, value, at) =>
        `Message: ${at + 1}\nDate: Mon, 2 Mar 2026 10:${two(at)}:00 +0100\nFrom: ${capitalised(name)} Example <mail@example>\nTo: shop@lists.example\nSubject: [Shop] the ${words.word()}\nMessage-ID: <${at}.99@example>\n\n${words.sentence()}\nWe saw ${value} errors.\n\n${words.sentence()}\n\n------------------------------\n\n`,
      line: (value) => `We saw ${value} errors.`,
      parent: (name) => `${capitalised(name)} Example`,
      siblings: /^From:/,
    }),
  "mails of a mailbox": (words) =>
    records(words, 24, {
      name: "inbox.mbox",
      query: (value) => `Who offers ${value} euros?`,
      record: (name, value, at) =>
        `From ${name}@example Mon Mar  2 10:${two(at)}:00 2026\nReturn-Path: <${name}@example>\nReceived: from mx.example by mail.example; Mon, 2 Mar 2026\nFrom: ${capitalised(name)} Example <${name}@example>\nTo: office@example\nSubject: The ${words.word()}\n\nHello,\n\n${words.sentence()}\nWe offer ${value} euros.\n\n> ${words.sentence()}\n\nKind regards\n\n`,
      line: (value) => `We offer ${value} euros.`,
      parent: (name) => `${capitalised(name)} Example`,
      siblings: /^From:/,
    }),
};
