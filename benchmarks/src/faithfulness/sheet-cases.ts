// Models of data, writings in less common markup, tables with groups, and sources in further languages.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import { capitalised, times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const sheetCases: Readonly<Record<string, Make>> = {
  "subjects in Turtle": (words) =>
    records(words, 40, {
      name: "shop.ttl",
      query: (value) => `Which item has the price ${value}?`,
      before: "@prefix shop: <http://shop.example/> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\n",
      record: (name, value) =>
        `shop:${name} a shop:Item ;\n    rdfs:label "${capitalised(words.word())}"@en ;\n    shop:price ${value} ;\n    shop:near shop:${words.word()} .\n\n`,
      line: (value) => `shop:price ${value}`,
      parent: (name) => `shop:${name} a`,
      siblings: / a shop:Item/,
    }),
  "leaves of YANG": (words) =>
    records(words, 30, {
      name: "shop.yang",
      query: (value) => `Which leaf has the default ${value}?`,
      before: 'module shop {\n  namespace "urn:shop";\n  prefix s;\n\n',
      record: (name, value) =>
        `  leaf ${name} {\n    type uint32 {\n      range "1..9999";\n    }\n    default ${value};\n    description\n      "${words.sentence()}";\n  }\n`,
      after: "}\n",
      line: (value) => `default ${value}`,
      parent: (name) => `leaf ${name} {`,
      siblings: /^ {2}leaf/,
    }),
  "objects of a MIB": (words) =>
    records(words, 30, {
      name: "SHOP-MIB.txt",
      query: (value) => `Which object is { shop ${value} }?`,
      before: "SHOP-MIB DEFINITIONS ::= BEGIN\n\nIMPORTS\n    OBJECT-TYPE FROM SNMPv2-SMI;\n\n",
      record: (name, value) =>
        `${name}Count OBJECT-TYPE\n    SYNTAX      Integer32 (0..100)\n    MAX-ACCESS  read-only\n    STATUS      current\n    DESCRIPTION\n        "${words.sentence()}"\n    ::= { shop ${value} }\n\n`,
      after: "END\n",
      line: (value) => `{ shop ${value} }`,
      parent: (name) => `${name}Count OBJECT-TYPE`,
      siblings: /OBJECT-TYPE$/,
    }),
  "resources of a FHIR bundle": (words) =>
    records(words, 20, {
      name: "bundle.json",
      query: (value) => `Which patient has the telephone 0${value}?`,
      before: '{\n  "resourceType": "Bundle",\n  "entry": [\n',
      record: (name, value, at) =>
        `    {\n      "resource": {\n        "resourceType": "Patient",\n        "name": [\n          {\n            "family": "${capitalised(name)}",\n            "given": ["${capitalised(words.word())}"]\n          }\n        ],\n        "telecom": [\n          {\n            "system": "phone",\n            "value": "0${value}"\n          }\n        ]\n      }\n    }${at === 19 ? "" : ","}\n`,
      after: "  ]\n}\n",
      line: (value) => `0${value}`,
      parent: (name) => capitalised(name),
      siblings: /never/,
    }),
  "cells of a script": (words) =>
    records(words, 30, {
      name: "analysis.py",
      query: (value) => `In which section is the limit ${value}?`,
      before: "# ---\n# jupyter:\n#   kernel: python3\n# ---\n\n",
      record: (name, value) =>
        `# %% [markdown]\n# ## Study of the ${name}\n# ${words.sentence()}\n\n# %%\nframe = load("${words.word()}.csv")\nlimit = ${value}\nplot(frame, limit)\n\n`,
      line: (value) => `limit = ${value}`,
      parent: (name) => `## Study of the ${name}`,
      siblings: /^# ## /,
    }),
  "sections in Jira's markup": (words) =>
    records(words, 24, {
      name: "page.txt",
      query: (value) => `Under which heading is the timeout ${value}?`,
      before: "h1. Handbook\n\n{toc}\n\n",
      record: (name, value) =>
        `h2. The ${name}\n\n${words.sentence()}\n\n* {{host}}: ${words.word()}\n* {{timeout}}: ${value}\n\n{code:bash}\n./${words.word()} --now\n{code}\n\n`,
      line: (value) => `{{timeout}}: ${value}`,
      parent: (name) => `h2. The ${name}`,
      siblings: /^h2\./,
    }),
  "functions in POD": (words) =>
    records(words, 26, {
      name: "Shop.pod",
      query: (value) => `Which function returns at most ${value} rows?`,
      before: "=head1 NAME\n\nShop - a shop\n\n=head1 METHODS\n\n",
      record: (name, value) =>
        `=head2 ${name}\n\n${words.sentence()}\n\n  my $row = $shop->${name}(1);\n\nReturns at most ${value} rows.\n\n=over 4\n\n=item C<${words.word()}>\n\n=back\n\n`,
      after: "=cut\n",
      line: (value) => `${value} rows`,
      parent: (name) => `=head2 ${name}`,
      siblings: /^=head2/,
    }),
  "messages of Telegram": (words) =>
    records(words, 60, {
      name: "telegram.txt",
      query: (value) => `Who wants ${value} boxes?`,
      record: (name, value, at) =>
        `${capitalised(name)}, [02.03.2026 10:${two(at)}]\n${words.sentence()}\nI want ${value} boxes.\n\n`,
      line: (value) => `${value} boxes`,
      parent: (name) => `${capitalised(name)}, [`,
      siblings: /, \[02\./,
    }),
  "rows under rows that head them": (words) =>
    records(words, 90, {
      name: "sales.csv",
      query: (value) => `In which region were ${value} pieces sold?`,
      before: "Article,Pieces,Returned\n",
      record: (name, value, at) =>
        `Region ${capitalised(name)},,\n${times(4, (own) => `${words.word()},${own === 1 ? value : own + at + 100},${at}\n`).join("")}`,
      line: (value) => `,${value},`,
      parent: (name) => `Region ${capitalised(name)}`,
      siblings: /Region/,
    }),
  "cells left empty for the same": (words) =>
    records(words, 90, {
      name: "stock.md",
      query: (value) => `In which store are ${value} pieces?`,
      before: "# Stock\n\n| Store | Article | Pieces |\n|---|---|---|\n",
      record: (name, value, at) =>
        `| ${capitalised(name)} House | ${words.word()} | ${at + 100} |\n| | ${words.word()} | ${value} |\n| | ${words.word()} | ${at + 200} |\n| | ${words.word()} | ${at + 300} |\n`,
      line: (value) => `| ${value} |`,
      parent: (name) => `${capitalised(name)} House`,
      siblings: /House/,
    }),
  "hits of BLAST": (words) =>
    records(words, 18, {
      name: "blast.txt",
      query: (value) => `Which hit has a score of ${value} bits?`,
      before: "BLASTN 2.14\n\nQuery= probe\n\nLength=60\n\n",
      record: (name, value, at) =>
        `>${name}_${at} chromosome ${at + 1}\nLength=90${two(at)}\n\n Score = ${value} bits (60),  Expect = 2e-${two(at)}\n Identities = 60/60 (100%), Gaps = 0/60 (0%)\n Strand=Plus/Plus\n\nQuery  1    ACGTACGTAC  10\n            ||||||||||\nSbjct  1${two(at)}  ACGTACGTAC  1${two(at)}\n\n\n`,
      line: (value) => `Score = ${value}`,
      parent: (name) => `>${name}_`,
      siblings: /^>/,
    }),
  "definitions of Common Lisp": (words) =>
    records(words, 30, {
      name: "shop.lisp",
      query: (value) => `Which function compares with ${value}?`,
      before: "(in-package :shop)\n\n",
      record: (name, value) =>
        `(defun ${name}-total (items &key (start 0))\n  "${words.sentence()}"\n  (let ((sum (reduce #'+ items)))\n    (if (> sum ${value})\n        (list :${words.word()} sum)\n        start)))\n\n`,
      line: (value) => `(> sum ${value})`,
      parent: (name) => `(defun ${name}-total`,
      siblings: /^\(defun/,
    }),
  "orders in Czech": (words) =>
    records(words, 40, {
      name: "objednávky.txt",
      query: (value) => `Který zákazník objednal ${value} kusů?`,
      record: (name, value, at) =>
        `Objednávka č. ${at + 1}\nZákazník: pan ${capitalised(name)}\nZboží: ${words.word()}\nPočet: ${value} kusů\n-----\n`,
      line: (value) => `${value} kusů`,
      parent: (name) => `pan ${capitalised(name)}`,
      siblings: /^Zákazník/,
    }),
  "tables with rows that span": (words) =>
    records(words, 30, {
      name: "stock.html",
      query: (value) => `In which store are ${value} pieces?`,
      before: "<html><body><h1>Stock</h1><table>\n<tr><th>Store</th><th>Article</th><th>Pieces</th></tr>\n",
      record: (name, value, at) =>
        `<tr><td rowspan="3">${capitalised(name)} House</td><td>${words.word()}</td><td>${at + 100}</td></tr>\n<tr><td>${words.word()}</td><td>${value}</td></tr>\n<tr><td>${words.word()}</td><td>${at + 200}</td></tr>\n`,
      after: "</table></body></html>\n",
      line: (value) => String(value),
      parent: (name) => `${capitalised(name)} House`,
      siblings: /House/,
    }),
  "steps with blocks of code": (words) =>
    records(words, 60, {
      name: "README.md",
      query: (_, name) => `With which limit is the ${name} cleaned?`,
      before: "# Upkeep\n\nWhat is done, and how.\n\n",
      record: (name, value) =>
        `* To clean the ${name}, run:\n\n\`\`\`sh\ncd ${words.word()}\n./clean --limit ${value}\n\`\`\`\n\n`,
      line: (value) => `--limit ${value}`,
      parent: (name) => `clean the ${name}`,
      siblings: /^\* To clean/,
    }),
  "results of SARIF": (words) =>
    nameBelow(
      records(words, 20, {
        name: "report.sarif",
        query: (value) => `In which file is the finding in line ${value}?`,
        before: '{\n  "version": "2.1.0",\n  "runs": [\n    {\n      "results": [\n',
        record: (name, value, at) =>
          `        {\n          "ruleId": "R${at}",\n          "message": {\n            "text": "The ${words.word()} is not used."\n          },\n          "locations": [\n            {\n              "physicalLocation": {\n                "region": {\n                  "startLine": ${value}\n                },\n                "artifactLocation": {\n                  "uri": "src/${name}.ts"\n                }\n              }\n            }\n          ]\n        }${at === 19 ? "" : ","}\n`,
        after: "      ]\n    }\n  ]\n}\n",
        line: (value) => String(value),
        parent: (name) => `src/${name}.ts`,
        siblings: /never/,
      }),
    ),
  "comments by indentation": (words) =>
    records(words, 40, {
      name: "thread.txt",
      query: (value) => `Who pays ${value} a month?`,
      before: `Ask: what do you pay for hosting? (${120} comments)\n\n`,
      record: (name, value, at) =>
        `${"  ".repeat(at % 3)}${name}${at} ${at + 1} hours ago\n${"  ".repeat(at % 3)}We pay ${value} a month for the ${words.word()}.\n${"  ".repeat(at % 3)}${words.sentence()}\n\n`,
      line: (value) => `${value} a month`,
      parent: (name) => name,
      siblings: /hours ago/,
    }),
  "tabs of a page": (words) =>
    records(words, 16, {
      name: "install.mdx",
      query: (value) => `Which package needs the port ${value}?`,
      before: 'import Tabs from "@theme/Tabs";\n\n# Packages\n\n',
      record: (name, value) =>
        `## The ${name}\n\n<Tabs>\n<TabItem value="npm">\n\n\`\`\`sh\nnpm install ${words.word()}\n\`\`\`\n\n</TabItem>\n<TabItem value="docker">\n\n\`\`\`sh\ndocker run -p ${value}:80 shop\n\`\`\`\n\n</TabItem>\n</Tabs>\n\n`,
      line: (value) => `${value}:80`,
      parent: (name) => `## The ${name}`,
      siblings: /^## /,
    }),
  "parts of a template": (words) =>
    records(words, 24, {
      name: "shop.pug",
      query: (value) => `Which section shows ${value} items?`,
      before: "doctype html\nhtml\n  body\n",
      record: (name, value) =>
        `    section#${name}\n      h2 ${capitalised(words.word())}\n      if user\n        p.count Shows ${value} items\n      else\n        a(href="/${words.word()}") Sign in\n`,
      line: (value) => `${value} items`,
      parent: (name) => `section#${name}`,
      siblings: /section#/,
    }),
  "prices in Bengali": (words) =>
    records(words, 50, {
      name: "দাম.txt",
      query: (value) => `কোন পণ্যের দাম ${value} টাকা?`,
      record: (name, value, at) =>
        `পণ্য: ${capitalised(name)}\nদোকান: ${capitalised(words.word())}\nদাম: ${value} টাকা\nমজুদ: ${at + 3}\n---\n`,
      line: (value) => `${value} টাকা`,
      parent: (name) => `পণ্য: ${capitalised(name)}`,
      siblings: /^পণ্য/,
    }),
  "logs of a boot per machine": (words) =>
    records(words, 20, {
      name: "boot.log",
      query: (value) => `Which machine has ${value} MB of memory?`,
      record: (name, value, at) =>
        `==> ${name}.log <==\n[    0.000000] Linux version 6.1.${at}\n[    0.0${two(at)}100] Command line: root=/dev/sda1 quiet\n[    0.0${two(at)}200] Memory: ${value} MB available\n[    1.2${two(at)}000] usb 1-1: new device found\n\n`,
      line: (value) => `Memory: ${value} MB`,
      parent: (name) => `${name}.log`,
      siblings: /^==>/,
    }),
};
