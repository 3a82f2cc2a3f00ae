// What runs, hosts and tools for files print, in shapes that no other family has.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { records } from "./records.ts";
import type { Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const fieldCases: Readonly<Record<string, Make>> = {
  "statistics of commits": (words) =>
    records(words, 24, {
      name: "git log --stat",
      query: (value) => `Which commit has ${value} insertions?`,
      record: (name, value, at) =>
        `commit ${two(at)}4fe0c9a1b2c3d4e5f60718293a4b5c6d7e8f9${two(at)}\nAuthor: Ann <ann@example.com>\nDate:   Mon Mar 2 10:00:${two(at)} 2026 +0100\n\n    Rework the ${name}\n\n src/${words.word()}.ts   | ${at + 2} ++--\n src/${words.word()}.test.ts | 12 ++++\n 2 files changed, ${value} insertions(+), ${at} deletions(-)\n\n`,
      line: (value) => `${value} insertions`,
      parent: (name) => `Rework the ${name}`,
      siblings: /Rework the/,
    }),
  "words changed in files": (words) =>
    records(words, 24, {
      name: "git diff --word-diff",
      query: (value) => `In which file was the limit changed to ${value}?`,
      record: (name, value, at) =>
        `diff --git a/conf/${name}.toml b/conf/${name}.toml\nindex 1a2b3c${at}..4d5e6f${at} 100644\n--- a/conf/${name}.toml\n+++ b/conf/${name}.toml\n@@ -${at + 1},4 +${at + 1},4 @@\n[server]\nhost = "${words.word()}"\nlimit = [-${at}-]{+${value}+}\nretries = 3\n`,
      line: (value) => `{+${value}+}`,
      parent: (name) => `conf/${name}.toml`,
      siblings: /^(diff|---|\+\+\+) /,
    }),
  "counters of links": (words) =>
    records(words, 24, {
      name: "ip -s link",
      query: (value) => `Which link received ${value} packets?`,
      record: (name, value, at) =>
        `${at + 2}: ${name}${at}: <BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default\n    link/ether 02:42:ac:11:00:${two(at)} brd ff:ff:ff:ff:ff:ff\n    RX:  bytes packets errors dropped  missed   mcast\n     9912${two(at)}    ${value}      0       0       0       0\n    TX:  bytes packets errors dropped carrier collsns\n     8812${two(at)}     3${two(at)}      0       0       0       0\n`,
      line: (value) => `${value} 0`,
      parent: (name) => `: ${name}`,
      siblings: /^\d+: /,
    }),
  "services of a mail server": (words) =>
    records(words, 40, {
      name: "master.cf",
      query: (value) => `Which service has the limit ${value}?`,
      before: "# service type  private unpriv  chroot  wakeup  maxproc command + args\n",
      record: (name, value) =>
        `${name}  inet  n       -       y       -       -       smtpd\n  -o syslog_name=postfix/${words.word()}\n  -o smtpd_recipient_limit=${value}\n  -o smtpd_tls_security_level=encrypt\n`,
      line: (value) => `limit=${value}`,
      parent: (name) => `${name} inet`,
      siblings: /^\w+ {2}inet/,
    }),
  "scripts of a task": (words) =>
    records(words, 24, {
      name: "task.yaml",
      query: (value) => `Which step waits for ${value} seconds?`,
      before: "apiVersion: tekton.dev/v1\nkind: Task\nmetadata:\n  name: release\nspec:\n  steps:\n",
      record: (name, value) =>
        `    - name: ${name}-step\n      image: alpine:3\n      script: |\n        #!/bin/sh\n        set -e\n        echo "${words.word()}"\n        sleep ${value}\n        ./${words.word()}.sh\n`,
      line: (value) => `sleep ${value}`,
      parent: (name) => `name: ${name}-step`,
      siblings: /- name:/,
    }),
  "errors of PowerShell": (words) =>
    records(words, 24, {
      name: "deploy.log",
      query: (value) => `In which script does line ${value} fail?`,
      record: (name, value) =>
        `Get-Item: C:\\shop\\${name}.ps1:${value}\nLine |\n${value} |  $file = Get-Item .\\${words.word()}.txt\n     |          ~~~~~~~~~~~~~~~~~~~~~~\n     | Cannot find path 'C:\\shop\\${words.word()}.txt' because it does not exist.\n`,
      line: (value) => `${value} | $file`,
      parent: (name) => `${name}.ps1`,
      siblings: /^Get-Item/,
    }),
  "folders of dir": (words) =>
    records(words, 18, {
      name: "dir /s",
      query: (value) => `In which folder is report-${value}.txt?`,
      before: " Volume in drive C is System\n Volume Serial Number is 1A2B-3C4D\n\n",
      record: (name, value, at) =>
        ` Directory of C:\\shop\\${name}\n\n02.03.2026  10:00    <DIR>          .\n02.03.2026  10:00    <DIR>          ..\n02.03.2026  10:${two(at)}             1.2${two(at)} ${words.word()}.txt\n02.03.2026  10:${two(at)}               3${two(at)} report-${value}.txt\n               2 File(s)          1.5${two(at)} bytes\n\n`,
      line: (value) => `report-${value}.txt`,
      parent: (name) => `C:\\shop\\${name}`,
      siblings: /Directory of/,
    }),
  "tracks of media": (words) =>
    records(words, 14, {
      name: "mediainfo",
      query: (value) => `Which file has a video bit rate of ${value} kb/s?`,
      record: (name, value, at) =>
        `General\nComplete name                            : ${name}.mkv\nFormat                                   : Matroska\nDuration                                 : ${at + 1} min\n\nVideo\nID                                       : 1\nFormat                                   : AVC\nBit rate                                 : ${value} kb/s\nWidth                                    : 1 280 pixels\n\nAudio\nID                                       : 2\nFormat                                   : AAC\nBit rate                                 : 1${two(at)} kb/s\nTitle                                    : ${words.word()}\n\n\n`,
      line: (value) => `${value} kb/s`,
      parent: (name) => `${name}.mkv`,
      siblings: /^Complete name/,
    }),
  "histograms of bpftrace": (words) =>
    records(words, 26, {
      name: "bpftrace",
      query: (value) => `For which process are there ${value} calls of 4 to 8 microseconds?`,
      before: "Attaching 2 probes...\n^C\n\n",
      record: (name, value, at) =>
        `@usecs[${name}]: \n[1]                  ${at} |@                   |\n[2, 4)              ${at + 20} |@@@@@@@             |\n[4, 8)             ${value} |@@@@@@@@@@@@@@@@@@@@|\n[8, 16)              ${at + 9} |@@@                 |\n\n`,
      line: (value) => `[4, 8) ${value}`,
      parent: (name) => `@usecs[${name}]`,
      siblings: /^@usecs/,
    }),
  "boxes of DuckDB": (words) =>
    records(words, 20, {
      name: "report.txt",
      query: (value) => `For which region is the total ${value}?`,
      record: (name, value, at) =>
        `D SELECT * FROM totals WHERE region = '${name}';\n┌──────────┬───────┐\n│   item   │ total │\n│ varchar  │ int32 │\n├──────────┼───────┤\n│ ${words.word().padEnd(8)} │   ${two(at)}  │\n│ ${words.word().padEnd(8)} │  ${value} │\n└──────────┴───────┘\n`,
      line: (value) => `${value} │`,
      parent: (name) => `'${name}'`,
      siblings: /^D /,
    }),
  "commands of short manuals": (words) => {
    return records(words, 40, {
      name: "shop.md",
      query: (_, name) => `With which limit are files of the ${name} listed?`,
      before: "# shop\n\n> Work with shops.\n> More information: <https://shop.example>.\n\n",
      record: (name, value) =>
        `- List files of the ${name} and the ${words.word()}:\n\n\`shop list --limit ${value} {{path/to/file}}\`\n\n`,
      line: (value) => `--limit ${value}`,
      parent: (name) => `files of the ${name} and`,
      siblings: /^- List/,
    });
  },
  "sizes in a tree": (words) =>
    records(words, 40, {
      name: "tree -s",
      query: (value) => `In which folder is data-${value}.bin?`,
      before: ".\n",
      record: (name, value, at) =>
        `├── [       4096]  ${name}\n│   ├── [        1${two(at)}]  ${words.word()}.txt\n│   ├── [        2${two(at)}]  data-${value}.bin\n│   └── [        3${two(at)}]  README.md\n`,
      after: "\n40 directories, 120 files\n",
      line: (value) => `data-${value}.bin`,
      parent: (name) => `4096] ${name}`,
      siblings: /^├── /,
    }),
};
