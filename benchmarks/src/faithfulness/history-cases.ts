// What happened, in order: histories of files, mail, chats, journals and runs of tests, in the formats their tools export.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { records } from "./records.ts";
import { capitalised, times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const people = ["Anna", "Tom", "Mei", "Luca", "Ines"];
const clock = (at: number): string => `${String(8 + Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;

export const historyCases: Readonly<Record<string, Make>> = {
  "commits that change the same file": (words) =>
    records(words, 24, {
      name: "git log -p",
      query: (value) => `Which commit set the limit to ${value}?`,
      record: (name, value, at) =>
        `commit ${(value * 7919 + 1_000_000_000).toString(16).padStart(40, "a")}\nAuthor: ${people[at % 5]} <a@example.org>\nDate:   Mon May ${at + 1} 10:00:00 2024 +0200\n\n    Tune the ${name}\n\ndiff --git a/src/limits.ts b/src/limits.ts\nindex 1a2b3c4..5d6e7f8 100644\n--- a/src/limits.ts\n+++ b/src/limits.ts\n@@ -${at + 3},5 +${at + 3},5 @@\n // ${words.sentence()}\n // ${words.sentence()}\n-  limit: ${value - 7},\n+  limit: ${value},\n // ${words.sentence()}\n // ${words.sentence()}\n\n`,
      line: (value) => `+  limit: ${value},`,
      parent: (name) => `Tune the ${name}`,
      siblings: /Tune the/,
    }),
  "merges and renames": (words) =>
    records(words, 24, {
      name: "git show",
      query: (value) => `In which file was the port resolved to ${value}?`,
      record: (name, value) =>
        `diff --git a/lib/${name}.go b/net/${name}.go\nsimilarity index 96%\nrename from lib/${name}.go\nrename to net/${name}.go\ndiff --cc net/${name}_test.go\nindex 1a2b3c4,5d6e7f8..9a8b7c6\n--- a/net/${name}_test.go\n+++ b/net/${name}_test.go\n@@@ -8,5 -8,5 +8,5 @@@ func Test(t *testing.T)\n  	// ${words.sentence()}\n- 	port := ${value - 1}\n -	port := ${value + 2}\n++	port := ${value}\n  	// ${words.sentence()}\n`,
      line: (value) => `++	port := ${value}`,
      parent: (name) => `net/${name}_test.go`,
      siblings: /_test\.go/,
    }),
  "git blame": (words) =>
    records(words, 90, {
      name: "git blame",
      query: (value) => `Who wrote the line with retry ${value}?`,
      record: (name, value, at) =>
        `${(value * 99_991).toString(16).padStart(8, "0")} (${capitalised(name).padEnd(10)} 2024-05-${String((at % 28) + 1).padStart(2, "0")} 10:00:00 +0200 ${String(at + 1).padStart(3)})   retry(${value}, ${words.word()});\n`,
      line: (value) => `retry(${value},`,
      parent: (name) => `(${capitalised(name)}`,
      siblings: /never/,
    }),
  "replies in replies": (words) => {
    const chosen = words.below(12);
    const round = (at: number) =>
      `From: ${people[at % 5]} <p${at}@example.org>\nDate: Mon, ${at + 1} May 2024 10:00:00 +0200\nSubject: Re: The ${words.word()}\n\nI would take ${900 + at * 3} pallets. ${words.sentence()}\n\nOn Sunday, ${people[(at + 1) % 5]} wrote:\n> I would take ${2000 + at * 3} pallets. ${words.sentence()}\n>\n> On Saturday, ${people[(at + 2) % 5]} wrote:\n>> I would take ${5000 + at * 3} pallets. ${words.sentence()}\n>> ${words.sentence()}\n\n`;
    return {
      query: `Who would take ${5000 + chosen * 3} pallets?`,
      name: "thread.eml",
      text: times(12, round).join(""),
      gold: {
        line: `I would take ${5000 + chosen * 3} pallets`,
        parent: `On Saturday, ${people[(chosen + 2) % 5]} wrote`,
        siblings: /^(?:> )?On \w+, \w+ wrote|^From:/,
      },
    };
  },
  "WhatsApp export": (words) => {
    const chosen = words.below(110);
    const line = (at: number) =>
      `[14.05.24, ${clock(at)}:07] ${people[(at * 7) % 5]}: ${words.sentence()}${at % 4 === 0 ? `\nand the key is in box ${600 + at}` : ""}`;
    const asked = chosen - (chosen % 4);
    return {
      query: `Who said that the key is in box ${600 + asked}?`,
      name: "_chat.txt",
      text: times(112, line).join("\n"),
      gold: {
        line: `and the key is in box ${600 + asked}`,
        parent: `${clock(asked)}:07] ${people[(asked * 7) % 5]}:`,
        siblings: /^\[14/,
      },
    };
  },
  "IRC log": (words) => {
    const chosen = words.below(140);
    const line = (at: number) =>
      `${clock(at)} <${people[(at * 3) % 5]?.toLowerCase()}> ${words.word()}: ticket ${600 + at} is ${words.word()}`;
    const lines = times(140, line);
    return {
      query: `Who spoke of ticket ${600 + chosen}?`,
      name: "channel.log",
      text: lines.join("\n"),
      gold: { all: [lines[chosen] as string] },
    };
  },
  "Slack export": (words) => {
    const chosen = words.below(60);
    const line = (at: number) =>
      `${people[(at * 3) % 5]}  ${((at % 12) + 1).toString()}:${String(at % 60).padStart(2, "0")} PM\n${words.sentence()}\nThe ${words.word()} costs ${600 + at * 3} euros.\n`;
    return {
      query: `Who said what costs ${600 + chosen * 3} euros?`,
      name: "slack",
      text: times(60, line).join("\n"),
      gold: {
        line: `costs ${600 + chosen * 3} euros`,
        parent: `${people[(chosen * 3) % 5]}  ${(chosen % 12) + 1}:${String(chosen % 60).padStart(2, "0")} PM`,
        siblings: /^\w+ {2}\d/,
      },
    };
  },
  "journal of several units": (words) =>
    records(words, 100, {
      name: "journalctl",
      query: (value) => `Which unit exited with status ${value}?`,
      record: (name, value, at) =>
        `May 14 ${clock(at)}:01 host-1 systemd[1]: Starting ${name}.service - The ${words.word()}...\nMay 14 ${clock(at)}:02 host-1 ${name}[${900 + at}]: exited with status ${value}\n`,
      line: (value) => `exited with status ${value}`,
      parent: (name) => `${name}[`,
      siblings: /never/,
    }),
  "access log": (words) => {
    const chosen = 20 + words.below(100);
    const line = (at: number) =>
      `10.0.${at % 7}.${at} - - [14/May/2024:${clock(at)}:00 +0200] "GET /${at === chosen ? "checkout" : words.word()}/${at} HTTP/1.1" ${at === chosen ? 503 : 200} ${words.below(9000)} "-" "Mozilla/5.0"`;
    const lines = times(150, line);
    return {
      query: "Which request to /checkout got the status 503, and from which address?",
      name: "access.log",
      text: lines.join("\n"),
      gold: { all: [(lines[chosen] as string).slice(0, 90)] },
    };
  },
  "suites of JUnit": (words) => {
    const chosen = words.below(16);
    const suite = (at: number) =>
      `  <testsuite name="shop.Suite${at}" tests="6" failures="${at === chosen ? 1 : 0}">\n${times(6, (own) =>
        at === chosen && own === 3
          ? `    <testcase classname="shop.Suite${at}" name="case_${own}" time="0.012">\n      <failure message="expected 31 but was 30" type="AssertionError">at shop.Cart.total(Cart.java:41)</failure>\n    </testcase>`
          : `    <testcase classname="shop.Suite${at}" name="case_${own}_${words.word()}" time="0.0${own}1"/>`,
      ).join("\n")}\n  </testsuite>`;
    return {
      query: "Which test case failed, and why?",
      name: "junit.xml",
      text: `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${times(16, suite).join("\n")}\n</testsuites>\n`,
      gold: { all: [`shop.Suite${chosen}`, 'name="case_3"', "expected 31 but was 30", "Cart.java:41"] },
    };
  },
  "TAP with details": (words) => {
    const chosen = 20 + words.below(90);
    const line = (at: number) =>
      at === chosen
        ? `not ok ${at + 1} - adds the shipping\n  ---\n  message: values differ\n  expected: 31\n  actual: 30\n  at: cart.test.js:41\n  ...`
        : `ok ${at + 1} - ${words.word()} of the ${words.word()}`;
    return {
      query: "Which test failed, and what was expected?",
      name: "tap",
      text: `TAP version 14\n1..130\n${times(130, line).join("\n")}\n`,
      gold: { all: [`not ok ${chosen + 1} - adds the shipping`, "expected: 31", "actual: 30", "at: cart.test.js:41"] },
    };
  },
  "causes of a Java exception": (words) => {
    const chosen = 30 + words.below(60);
    const event = (at: number) =>
      `2024-05-14 10:00:${String(at % 60).padStart(2, "0")},120 INFO  [${words.word()}] order ${at} was sent`;
    const trace = [
      "2024-05-14 10:31:07,991 ERROR [cart] order 4711 failed",
      "shop.CheckoutException: cannot pay",
      ...times(9, (at) => `\tat shop.Checkout.step${at}(Checkout.java:${at + 10})`),
      "Caused by: shop.CartException: no total",
      ...times(9, (at) => `\tat shop.Cart.step${at}(Cart.java:${at + 10})`),
      "\t... 17 more",
      "Caused by: java.sql.SQLTimeoutException: no answer within 5 s",
      "\tat db.Pool.take(Pool.java:99)",
      "\t... 21 more",
    ];
    return {
      query: "What is the cause of the failure of order 4711?",
      name: "shop.log",
      text: [...times(chosen, event), ...trace, ...times(200 - chosen, (at) => event(at + chosen))].join("\n"),
      gold: {
        all: [
          trace[0] as string,
          "shop.CheckoutException: cannot pay",
          "Caused by: shop.CartException: no total",
          "Caused by: java.sql.SQLTimeoutException: no answer within 5 s",
        ],
      },
    };
  },
  "cells of a notebook": (words) => {
    const names = words.words(24);
    const chosen = words.below(24);
    const cell = (name: string, at: number) =>
      `  {\n   "cell_type": "code",\n   "execution_count": ${at + 1},\n   "metadata": {},\n   "outputs": [\n    {\n     "name": "stdout",\n     "output_type": "stream",\n     "text": [\n      "total ${4100 + at * 7}\\n"\n     ]\n    }\n   ],\n   "source": [\n    "# ${words.sentence()}\\n",\n    "print_total('${name}')"\n   ]\n  },\n`;
    return {
      query: `What does print_total('${names[chosen]}') print, is it ${4100 + chosen * 7}?`,
      name: "analysis.ipynb",
      text: `{\n "cells": [\n${names.map(cell).join("")}  {"cell_type": "markdown", "metadata": {}, "source": ["End"]}\n ],\n "nbformat": 4,\n "nbformat_minor": 5\n}\n`,
      gold: { all: [`total ${4100 + chosen * 7}`, `print_total('${names[chosen]}')`] },
    };
  },
};
