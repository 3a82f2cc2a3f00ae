// Models of data, writings in less common markup, tables with groups, and sources in further languages.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { records } from "./records.ts";
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
      before: "module shop {\n  namespace \"urn:shop\";\n  prefix s;\n\n",
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
  "structures of Cap'n Proto": (words) =>
    records(words, 30, {
      name: "shop.capnp",
      query: (value) => `Which struct has a default of ${value}?`,
      before: "@0xdbb9ad1f14bf0b36;\n\n",
      record: (name, value) =>
        `struct ${capitalised(name)} {\n  id @0 :UInt64;\n  ${words.word()} @1 :Text;\n  limit @2 :Int32 = ${value};\n  union {\n    none @3 :Void;\n    some @4 :Text;\n  }\n}\n\n`,
      line: (value) => `= ${value};`,
      parent: (name) => `struct ${capitalised(name)} {`,
      siblings: /^struct/,
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
  "sections of DocBook": (words) =>
    records(words, 20, {
      name: "manual.xml",
      query: (value) => `Which section says ${value} litres?`,
      before: '<?xml version="1.0"?>\n<article>\n<title>Manual</title>\n',
      record: (name, value, at) =>
        `<section id="s${at}">\n  <title>The ${name}</title>\n  <para>${words.sentence()}</para>\n  <para>It holds ${value} litres.</para>\n  <itemizedlist>\n    <listitem><para>${words.word()}</para></listitem>\n  </itemizedlist>\n</section>\n`,
      after: "</article>\n",
      line: (value) => `${value} litres`,
      parent: (name) => `The ${name}`,
      siblings: /^The \w+$|<title>/,
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
  "replies of Outlook": (words) =>
    records(words, 20, {
      name: "thread.txt",
      query: (value) => `Who offers ${value} euros?`,
      record: (name, value, at) =>
        `From: ${capitalised(name)} Berg <${name}@example.com>\nSent: Monday, March 2, 2026 10:${two(40 - at)} AM\nTo: Sales <sales@example.com>\nSubject: RE: Offer\n\nDear all,\n\n${words.sentence()} We offer ${value} euros.\n\nKind regards\n\n________________________________\n`,
      line: (value) => `${value} euros`,
      parent: (name) => `From: ${capitalised(name)} Berg`,
      siblings: /^From:/,
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
  "tunes in ABC": (words) =>
    records(words, 40, {
      name: "tunes.abc",
      query: (value) => `Which tune has the number ${value} in the source?`,
      record: (name, value, at) =>
        `X:${at + 1}\nT:The ${capitalised(name)} Reel\nS:Collection no. ${value}\nM:4/4\nL:1/8\nK:G\n|:GABc dedB|c2ec B2dB|A2cA G2BG|FGAF D4:|\n\n`,
      line: (value) => `no. ${value}`,
      parent: (name) => `The ${capitalised(name)} Reel`,
      siblings: /^T:/,
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
  "methods of Objective-C": (words) =>
    records(words, 26, {
      name: "Shop.m",
      query: (value) => `Which method returns ${value}?`,
      before: "#import \"Shop.h\"\n\n@implementation Shop\n\n",
      record: (name, value) =>
        `- (NSInteger)${name}ForItem:(Item *)item count:(NSInteger)count {\n    if (item.${words.word()} > count) {\n        NSLog(@"${words.word()}");\n        return ${value};\n    }\n    return [item ${words.word()}];\n}\n\n`,
      after: "@end\n",
      line: (value) => `return ${value}`,
      parent: (name) => `${name}ForItem:`,
      siblings: /^- \(/,
    }),
  "procedures of Ada": (words) =>
    records(words, 26, {
      name: "shop.adb",
      query: (value) => `Which procedure sets the limit to ${value}?`,
      before: "with Ada.Text_IO; use Ada.Text_IO;\n\npackage body Shop is\n\n",
      record: (name, value) =>
        `   procedure ${capitalised(name)} (Count : in Integer) is\n      Limit : Integer := 0;\n   begin\n      if Count > 3 then\n         Limit := ${value};\n      end if;\n      Put_Line ("${words.word()}");\n   end ${capitalised(name)};\n\n`,
      after: "end Shop;\n",
      line: (value) => `Limit := ${value}`,
      parent: (name) => `procedure ${capitalised(name)}`,
      siblings: /^ {3}procedure/,
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
  "notes in Swedish": (words) =>
    records(words, 40, {
      name: "protokoll.txt",
      query: (value) => `Vilken avdelning har ${value} medlemmar?`,
      before: "Protokoll från årsmötet\n\n",
      record: (name, value, at) =>
        `§ ${at + 1} Avdelning ${capitalised(name)}\nOrdförande är ${capitalised(words.word())} Lind.\nAvdelningen har ${value} medlemmar.\nNästa möte hålls i ${words.word()}.\n\n`,
      line: (value) => `${value} medlemmar`,
      parent: (name) => `Avdelning ${capitalised(name)}`,
      siblings: /^§/,
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
};
