// Files in formats of science, finance, translation and drawing, and in further languages of programs.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import { capitalised, times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const formatCases: Readonly<Record<string, Make>> = {
  "messages of gettext": (words) =>
    nameBelow(
      records(words, 40, {
        name: "de.po",
        query: (value) => `Which msgid is used at shop.c:${value}?`,
        before: 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n',
        record: (name, value, at) =>
          `#. ${words.sentence()}\n#: src/shop.c:${value}\n#, c-format\nmsgid "The ${name} is closed (%d)"\nmsgstr "${capitalised(words.word())} ${at} ist geschlossen (%d)"\n\n`,
        line: (value) => `shop.c:${value}`,
        parent: (name) => `The ${name} is closed`,
        siblings: /^msgid/,
      }),
    ),
  "transactions of a ledger": (words) =>
    records(words, 44, {
      name: "2026.journal",
      query: (value) => `To whom were ${value}.00 EUR paid?`,
      record: (name, value, at) =>
        `2026-03-${two((at % 28) + 1)} * ${capitalised(name)} Ltd\n    ; invoice ${at}\n    Expenses:${capitalised(words.word())}             ${value}.00 EUR\n    Assets:Bank:${capitalised(words.word())}\n\n`,
      line: (value) => `${value}.00 EUR`,
      parent: (name) => `${capitalised(name)} Ltd`,
      siblings: /^2026/,
    }),
  "sequences of FASTA": (words) =>
    records(words, 26, {
      name: "proteins.fasta",
      query: (value) => `Which protein has the accession P${value}?`,
      record: (name, value) =>
        `>sp|P${value}|${name.toUpperCase()}_HUMAN ${capitalised(name)} kinase OS=Homo sapiens\n${times(3, () => `${words.word()}${words.word()}${words.word()}`.toUpperCase().padEnd(30, "MKVLAA")).join("\n")}\n`,
      line: (value) => `P${value}`,
      parent: (name) => `${capitalised(name)} kinase`,
      siblings: /never/,
    }),
  "nodes of a Graphviz graph": (words) =>
    records(words, 30, {
      name: "graph.dot",
      query: (value) => `Which cluster holds the node n${value}?`,
      before: "digraph shop {\n  rankdir=LR;\n",
      record: (name, value, at) =>
        `  subgraph cluster_${at} {\n    label="${name} zone";\n    style=filled;\n    n${value} [label="${words.word()}", shape=box];\n    n${value} -> m${at} [color=red];\n    m${at} [label="${words.word()}"];\n  }\n`,
      after: "}\n",
      line: (value) => `n${value} [label`,
      parent: (name) => `label="${name} zone"`,
      siblings: /zone"/,
    }),
  "participants of a PlantUML file": (words) =>
    records(words, 26, {
      name: "classes.puml",
      query: (value) => `Which class has the constant LIMIT = ${value}?`,
      before: "@startuml\nskinparam classAttributeIconSize 0\n\n",
      record: (name, value) =>
        `class ${capitalised(name)}Service {\n  -${words.word()}: String\n  +{static} LIMIT = ${value}\n  +run(${words.word()}: int): void\n  --\n  ${words.word()} only\n}\n\n`,
      after: "@enduml\n",
      line: (value) => `LIMIT = ${value}`,
      parent: (name) => `class ${capitalised(name)}Service`,
      siblings: /^class/,
    }),
  "strings of an Android app": (words) =>
    records(words, 60, {
      name: "strings.xml",
      query: (value) => `What is the name of the string that mentions ${value} points?`,
      before: '<?xml version="1.0" encoding="utf-8"?>\n<resources>\n',
      record: (name, value) =>
        `    <!-- ${words.word()} screen -->\n    <string name="${name}_hint">You get ${value} points for a ${words.word()}</string>\n`,
      after: "</resources>\n",
      line: (value) => `${value} points`,
      parent: (name) => `${name}_hint`,
      siblings: /never/,
    }),
  "dictionaries of a property list": (words) =>
    records(words, 24, {
      name: "Services.plist",
      query: (value) => `Which label has a ThrottleInterval of ${value}?`,
      before:
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<plist version="1.0">\n<array>\n',
      record: (name, value, at) =>
        `  <dict>\n    <key>Label</key>\n    <string>com.example.${name}</string>\n    <key>ProgramArguments</key>\n    <array>\n      <string>/usr/bin/${words.word()}</string>\n      <string>--port=${at}</string>\n    </array>\n    <key>ThrottleInterval</key>\n    <integer>${value}</integer>\n  </dict>\n`,
      after: "</array>\n</plist>\n",
      line: (value) => String(value),
      parent: (name) => `com.example.${name}`,
      siblings: /com\.example/,
    }),
  "functions of PL/pgSQL": (words) =>
    records(words, 18, {
      name: "functions.sql",
      query: (value) => `Which function raises an exception above ${value}?`,
      record: (name, value) =>
        `CREATE OR REPLACE FUNCTION ${name}_check(p_id bigint)\nRETURNS void\nLANGUAGE plpgsql\nAS $$\nDECLARE\n  v_total bigint;\nBEGIN\n  SELECT sum(total) INTO v_total FROM ${words.word()} WHERE id = p_id;\n  IF v_total > ${value} THEN\n    RAISE EXCEPTION 'too much for ${words.word()}';\n  END IF;\n  PERFORM ${words.word()}_done(p_id);\nEND;\n$$;\n\n`,
      line: (value) => `v_total > ${value}`,
      parent: (name) => `${name}_check`,
      siblings: /FUNCTION \w+_check/,
    }),
  "procedures of Pascal": (words) =>
    records(words, 24, {
      name: "orders.pas",
      query: (value) => `Which procedure uses the limit ${value}?`,
      before: "unit Orders;\n\ninterface\n\nimplementation\n\n",
      record: (name, value) =>
        `procedure T${capitalised(name)}.Run(const Id: Integer);\nvar\n  Count: Integer;\nbegin\n  Count := ${capitalised(words.word())}.Read(Id);\n  if Count > ${value} then\n    raise ELimit.Create('${words.word()}');\nend;\n\n`,
      after: "end.\n",
      line: (value) => `Count > ${value}`,
      parent: (name) => `T${capitalised(name)}.Run`,
      siblings: /^procedure/,
    }),
  "functions of F#": (words) =>
    records(words, 30, {
      name: "Orders.fs",
      query: (value) => `Which function compares with ${value}?`,
      before: "module Shop.Orders\n\nopen System\n\n",
      record: (name, value) =>
        `/// ${words.sentence()}\nlet ${name}Of (order: Order) =\n    let count = order.${capitalised(words.word())} |> List.length\n    match count with\n    | c when c > ${value} -> Error "${words.word()}"\n    | c -> Ok c\n\n`,
      line: (value) => `c > ${value}`,
      parent: (name) => `let ${name}Of`,
      siblings: /^let /,
    }),
  "procs of Tcl": (words) =>
    records(words, 26, {
      name: "orders.tcl",
      query: (value) => `Which proc waits ${value} milliseconds?`,
      record: (name, value) =>
        `proc ${name}_order {id} {\n    global ${words.word()}\n    set count [llength $id]\n    if {$count == 0} {\n        after ${value}\n    }\n    return [${words.word()} $count]\n}\n\n`,
      line: (value) => `after ${value}`,
      parent: (name) => `proc ${name}_order`,
      siblings: /^proc /,
    }),
  "labels of an assembler file": (words) =>
    records(words, 30, {
      name: "orders.s",
      query: (value) => `In which function is 0x${value} loaded?`,
      before: "\t.text\n",
      record: (name, value, at) =>
        `\t.globl\t${name}_order\n\t.type\t${name}_order, @function\n${name}_order:\n\tpushq\t%rbp\n\tmovq\t%rsp, %rbp\n\tmovl\t$0x${value}, %eax\n\taddl\t$${at}, %eax\n\tcall\t${words.word()}_next\n\tpopq\t%rbp\n\tret\n`,
      line: (value) => `$0x${value}`,
      parent: (name) => `${name}_order`,
      siblings: /^\w+_order:/,
    }),
  "sections of a manual page in roff": (words) =>
    records(words, 26, {
      name: "shopctl.1",
      query: (value) => `Which option has the default ${value}?`,
      before: ".TH SHOPCTL 1 2026-03-02\n.SH NAME\nshopctl \\- keep orders\n.SH OPTIONS\n",
      record: (name, value) => `.TP\n.BR \\-\\-${name} =\\fIcount\\fR\n${words.sentence()}\n.br\nThe default is ${value}.\n`,
      line: (value) => `default is ${value}`,
      parent: (name) => `\\-\\-${name} `,
      siblings: /^\.BR/,
    }),
  "entries with drawers of Org mode": (words) =>
    records(words, 30, {
      name: "projects.org",
      query: (value) => `Which task has the effort ${value}?`,
      record: (name, value, at) =>
        `* OPEN Repair the ${name}\nSCHEDULED: <2026-03-${two((at % 28) + 1)} Mon>\n:PROPERTIES:\n:CUSTOM_ID: t${at}\n:EFFORT: ${value}\n:OWNER: ${words.word()}\n:END:\n${words.sentence()}\n- [ ] ${words.word()}\n`,
      line: (value) => `:EFFORT: ${value}`,
      parent: (name) => `Repair the ${name}`,
      siblings: /^\* OPEN/,
    }),
};
