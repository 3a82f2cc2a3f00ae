// What runs, hosts and tools for files print.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import { capitalised, type Words } from "./words.ts";

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
  "states of submodules": (words) =>
    records(words, 50, {
      name: "git submodule foreach git status -s",
      query: (value) => `In which submodule was note-${value}.md added?`,
      record: (name, value) =>
        `Entering 'libs/${name}'\n M src/${words.word()}.c\n M src/${words.word()}.h\n?? docs/note-${value}.md\n`,
      line: (value) => `note-${value}.md`,
      parent: (name) => `'libs/${name}'`,
      siblings: /^Entering/,
    }),
  "worktrees of a repository": (words) =>
    records(words, 50, {
      name: "git worktree list --porcelain",
      query: (value) => `Which worktree has the branch fix-${value}?`,
      record: (name, value, at) =>
        `worktree /srv/${name}\nHEAD ${two(at)}4fe0c9a1b2c3d4e5f60718293a4b5c6d7e8f9${two(at)}\nbranch refs/heads/fix-${value}\nlocked ${words.word()} is in use\n\n`,
      line: (value) => `fix-${value}`,
      parent: (name) => `/srv/${name}`,
      siblings: /^worktree/,
    }),
  "errors in boxes": (words) =>
    records(words, 24, {
      name: "terraform validate",
      query: (value) => `In which file is the port ${value} not allowed?`,
      record: (name, value, at) =>
        `╷\n│ Error: Invalid value for variable\n│ \n│   on ${name}.tf line ${at + 3}, in module "${words.word()}":\n│   ${at + 3}:   port = ${value}\n│     ├────────────────\n│     │ var.port is ${value}\n│ \n│ The port must be one of those of the ${words.word()}.\n╵\n`,
      line: (value) => `port = ${value}`,
      parent: (name) => `on ${name}.tf`,
      siblings: /on \w+\.tf/,
    }),
  "variables of frames": (words) =>
    records(words, 40, {
      name: "bt full",
      query: (value) => `In which function is remaining ${value}?`,
      record: (name, value, at) =>
        `#${at}  0x00005555555551${two(at)} in ${name}_run (argc=1, argv=0x7ffe${two(at)}) at src/${name}.c:${at + 9}\n        index = ${at}\n        remaining = ${value}\n        label = "${words.word()}"\n`,
      line: (value) => `remaining = ${value}`,
      parent: (name) => `${name}_run`,
      siblings: /^#\d/,
    }),
  "threads of lldb": (words) =>
    records(words, 24, {
      name: "thread backtrace all",
      query: (value) => `Which thread stands at line ${value}?`,
      record: (name, value, at) =>
        `${at === 3 ? "* " : "  "}thread #${at + 1}, name = '${name}', stop reason = signal SIGSTOP\n${at === 3 ? "  * " : "    "}frame #0: 0x00007fff libsystem\`__psynch_cvwait + 10\n    frame #1: 0x00007fff libpthread\`_pthread_cond_wait + 12${at}\n    frame #2: 0x0000000100 shop\`${words.word()}_loop(arg=0x0) at loop.c:${value}:9\n    frame #3: 0x00007fff libpthread\`start + 66\n`,
      line: (value) => `loop.c:${value}`,
      parent: (name) => `'${name}'`,
      siblings: /thread #/,
    }),
  "failures of Jest": (words) =>
    records(words, 18, {
      name: "jest",
      query: (value) => `Which test received ${value}?`,
      record: (name, value, at) =>
        `  ● Cart › adds the ${name}\n\n    expect(received).toBe(expected) // Object.is equality\n\n    Expected: ${at}\n    Received: ${value}\n\n      ${at + 10} |   const total = sum(cart);\n    > ${at + 11} |   expect(total).toBe(${at});\n         |                 ^\n      ${at + 12} | });\n\n      at Object.<anonymous> (src/${words.word()}.test.js:${at + 11}:17)\n\n`,
      line: (value) => `Received: ${value}`,
      parent: (name) => `adds the ${name}`,
      siblings: /●/,
    }),
  "failed tests of Perl": (words) =>
    records(words, 30, {
      name: "prove",
      query: (value) => `Which test got ${value}?`,
      record: (name, value, at) =>
        `t/${words.word()}.t .. 1/4\n#   Failed test 'counts the ${name}'\n#   at t/shop.t line ${at + 12}.\n#          got: '${value}'\n#     expected: '${at}'\n# Looks like you failed 1 test of 4.\n`,
      line: (value) => `got: '${value}'`,
      parent: (name) => `counts the ${name}`,
      siblings: /Failed test/,
    }),
  "failures of hspec": (words) =>
    records(words, 26, {
      name: "stack test",
      query: (value) => `Which test got ${value}?`,
      before: "Failures:\n\n",
      record: (name, value, at) =>
        `  test/CartSpec.hs:${at + 20}:5: \n  ${at + 1}) Cart.total counts the ${name}\n       expected: ${at}\n        but got: ${value}\n\n  To rerun use: --match "/Cart/total/${at}/"\n\n`,
      line: (value) => `but got: ${value}`,
      parent: (name) => `counts the ${name}`,
      siblings: /counts the/,
    }),
  "messages of the Elm compiler": (words) =>
    records(words, 20, {
      name: "elm make",
      query: (value) => `In which file is limit ${value} passed?`,
      record: (name, value, at) =>
        `-- TYPE MISMATCH ------------------------------ src/${capitalised(name)}.elm\n\nThe 1st argument to \`${words.word()}\` is not what I expect:\n\n${at + 10}|     limit ${value}\n             ^^^^\nThis argument is a number of type:\n\n    number\n\nBut \`limit\` needs the 1st argument to be:\n\n    String\n\n`,
      line: (value) => `limit ${value}`,
      parent: (name) => `src/${capitalised(name)}.elm`,
      siblings: /^-- TYPE/,
    }),
  "queues of tc": (words) =>
    records(words, 40, {
      name: "tc -s qdisc",
      query: (value) => `On which device were ${value} bytes sent?`,
      record: (name, value, at) =>
        `qdisc fq_codel 0: dev veth-${name} root refcnt 2 limit 10240p flows 1024 quantum 1514\n Sent ${value} bytes ${at + 3} pkt (dropped 0, overlimits 0 requeues ${at})\n backlog 0b 0p requeues ${at}\n  maxpacket ${at} drop_overlimit 0 new_flow_count 0\n`,
      line: (value) => `Sent ${value} bytes`,
      parent: (name) => `veth-${name}`,
      siblings: /^qdisc/,
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
  "arrays of mdadm": (words) =>
    records(words, 18, {
      name: "mdadm --detail",
      query: (value) => `Which array has ${value} events?`,
      record: (name, value, at) =>
        `/dev/md/${name}:\n           Version : 1.2\n     Creation Time : Mon Mar  2 10:00:${two(at)} 2026\n        Raid Level : raid1\n      Raid Devices : 2\n             State : clean\n            Events : ${value}\n\n    Number   Major   Minor   RaidDevice State\n       0       8       ${two(at)}        0      active sync   /dev/sd${at}a\n       1       8       17        1      active sync   /dev/sd${at}b\n`,
      line: (value) => `Events : ${value}`,
      parent: (name) => `/dev/md/${name}:`,
      siblings: /^\/dev\/md/,
    }),
  "cells of a wireless scan": (words) =>
    nameBelow(
      records(words, 24, {
        name: "iwlist scan",
        query: (value) => `What is the ESSID of the cell with the frequency ${value} MHz?`,
        before: "wlan0     Scan completed :\n",
        record: (name, value, at) =>
          `          Cell ${two(at + 1)} - Address: 02:00:00:00:00:${two(at)}\n                    Channel:${at + 1}\n                    Frequency:${value} MHz\n                    Quality=${at + 20}/70  Signal level=-5${at} dBm\n                    Encryption key:on\n                    ESSID:"${name}"\n                    IE: IEEE 802.11i/WPA2 Version 1\n`,
        line: (value) => `Frequency:${value}`,
        parent: (name) => `ESSID:"${name}"`,
        siblings: /never/,
      }),
    ),
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
  "backends of Varnish": (words) =>
    records(words, 30, {
      name: "default.vcl",
      query: (value) => `Which backend has the port ${value}?`,
      before: "vcl 4.1;\n\nimport directors;\n\n",
      record: (name, value) =>
        `backend ${name} {\n    .host = "${words.word()}.internal";\n    .port = "${value}";\n    .probe = {\n        .url = "/${words.word()}";\n        .interval = 5s;\n    }\n}\n\n`,
      line: (value) => `.port = "${value}"`,
      parent: (name) => `backend ${name} {`,
      siblings: /^backend/,
    }),
  "hosts of a DHCP server": (words) =>
    records(words, 40, {
      name: "dhcpd.conf",
      query: (value) => `Which host has the lease time ${value}?`,
      before: "option domain-name \"shop\";\nsubnet 10.0.0.0 netmask 255.255.255.0 {\n  range 10.0.0.10 10.0.0.20;\n",
      record: (name, value, at) =>
        `  host ${name} {\n    hardware ethernet 02:00:00:00:00:${two(at)};\n    fixed-address 10.0.0.${at};\n    default-lease-time ${value};\n  }\n`,
      after: "}\n",
      line: (value) => `default-lease-time ${value}`,
      parent: (name) => `host ${name} {`,
      siblings: /^ {2}host/,
    }),
  "changes of stacks": (words) =>
    records(words, 24, {
      name: "cdk diff",
      query: (value) => `Which function gets a MemorySize of ${value}?`,
      record: (name, value, at) =>
        `Stack Shop${at}\nResources\n[~] AWS::Lambda::Function ${capitalised(name)} ${capitalised(name)}8A${at}\n ├─ [~] MemorySize\n │   ├─ [-] 128\n │   └─ [+] ${value}\n └─ [~] Timeout\n     ├─ [-] 3\n     └─ [+] ${at + 4}\n\n`,
      line: (value) => `[+] ${value}`,
      parent: (name) => `Function ${capitalised(name)}`,
      siblings: /AWS::Lambda/,
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
  "requests of a file for an editor": (words) =>
    records(words, 26, {
      name: "shop.http",
      query: (value) => `Which request has the quantity ${value}?`,
      before: "@host = https://shop.example\n\n",
      record: (name, value) =>
        `### Order the ${name}\nPOST {{host}}/orders\nContent-Type: application/json\nAuthorization: Bearer {{token}}\n\n{\n  "note": "${words.word()}",\n  "quantity": ${value}\n}\n\n`,
      line: (value) => `"quantity": ${value}`,
      parent: (name) => `Order the ${name}`,
      siblings: /^###/,
    }),
  "beans of Spring": (words) =>
    records(words, 30, {
      name: "beans.xml",
      query: (value) => `Which bean has the port ${value}?`,
      before: '<?xml version="1.0"?>\n<beans>\n',
      record: (name, value) =>
        `  <bean id="${name}" class="com.shop.Client">\n    <property name="host" value="${words.word()}"/>\n    <property name="port" value="${value}"/>\n    <property name="pool" ref="${words.word()}Pool"/>\n  </bean>\n`,
      after: "</beans>\n",
      line: (value) => `"${value}"`,
      parent: (name) => `"${name}"`,
      siblings: /id="/,
    }),
  "long lines of logcat": (words) =>
    records(words, 50, {
      name: "logcat -v long",
      query: (value) => `Which component reported the code ${value}?`,
      record: (name, value, at) =>
        `[ 03-02 10:00:${two(at)}.123  ${1000 + at}: ${1000 + at} E/${capitalised(name)} ]\nCould not open the ${words.word()}\ncode=${value} retry=${at}\n\n`,
      line: (value) => `code=${value}`,
      parent: (name) => `E/${capitalised(name)} ]`,
      siblings: /^\[ /,
    }),
  "services of sc": (words) =>
    records(words, 20, {
      name: "sc queryex",
      query: (value) => `Which service has the PID ${value}?`,
      record: (name, value, at) =>
        `\nSERVICE_NAME: ${name}svc\nDISPLAY_NAME: ${capitalised(words.word())} Service\n        TYPE               : 30  WIN32\n        STATE              : 4  RUNNING\n                                (STOPPABLE, NOT_PAUSABLE)\n        WIN32_EXIT_CODE    : 0  (0x0)\n        CHECKPOINT         : 0x${at}\n        PID                : ${value}\n        FLAGS              :\n`,
      line: (value) => `PID : ${value}`,
      parent: (name) => `${name}svc`,
      siblings: /^SERVICE_NAME/,
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
  "members of archives": (words) =>
    records(words, 20, {
      name: "unzip -l",
      query: (value) => `Which archive has part-${value}.csv?`,
      record: (name, value, at) =>
        `Archive:  ${name}.zip\n  Length      Date    Time    Name\n---------  ---------- -----   ----\n      1${two(at)}  2026-03-02 10:00   ${words.word()}.txt\n      2${two(at)}  2026-03-02 10:01   part-${value}.csv\n---------                     -------\n      3${two(at)}                     2 files\n`,
      line: (value) => `part-${value}.csv`,
      parent: (name) => `${name}.zip`,
      siblings: /^Archive/,
    }),
  "photographs of exiftool": (words) =>
    records(words, 24, {
      name: "exiftool",
      query: (value) => `Which picture has the ISO ${value}?`,
      record: (name, value, at) =>
        `======== pictures/${name}.jpg\nFile Size                       : ${at + 100} kB\nCamera Model Name               : ${capitalised(words.word())} X\nExposure Time                   : 1/${at + 60}\nISO                             : ${value}\nLens                            : 50.0 mm\n`,
      line: (value) => `ISO : ${value}`,
      parent: (name) => `${name}.jpg`,
      siblings: /^====/,
    }),
  "streams of films": (words) =>
    records(words, 18, {
      name: "ffprobe",
      query: (value) => `Which film has a video stream of ${value} kb/s?`,
      record: (name, value, at) =>
        `Input #0, mov,mp4, from 'films/${name}.mp4':\n  Metadata:\n    major_brand     : isom\n    title           : ${words.sentence()}\n  Duration: 00:0${at % 10}:10.00, start: 0.000000, bitrate: 5${two(at)} kb/s\n  Stream #0:0(und): Video: h264 (High), yuv420p, 1280x720, ${value} kb/s, 25 fps\n  Stream #0:1(eng): Audio: aac (LC), 48000 Hz, stereo, 128 kb/s\n`,
      line: (value) => `${value} kb/s`,
      parent: (name) => `${name}.mp4`,
      siblings: /^Input/,
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
  "symbols of objects": (words) =>
    records(words, 40, {
      name: "nm build/*.o",
      query: (value) => `In which object is sym_${value}?`,
      record: (name, value, at) =>
        `\nbuild/${name}.o:\n00000000000000${two(at)} T ${words.word()}_init\n00000000000001${two(at)} t sym_${value}\n                 U malloc\n                 U printf\n`,
      line: (value) => `sym_${value}`,
      parent: (name) => `build/${name}.o:`,
      siblings: /^build/,
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
  "threads of py-spy": (words) =>
    records(words, 30, {
      name: "py-spy dump",
      query: (value) => `Which thread is at line ${value}?`,
      before: "Process 12: python shop.py\nPython v3.12.1 (/usr/bin/python3)\n\n",
      record: (name, value, at) =>
        `Thread ${at + 20} (idle): "${name}-${at}"\n    wait (threading.py:355)\n    get (queue.py:171)\n    handle (shop/${words.word()}.py:${value})\n    run (threading.py:1012)\n`,
      line: (value) => `.py:${value})`,
      parent: (name) => `"${name}-`,
      siblings: /^Thread/,
    }),
  "consumers of a stream": (words) =>
    records(words, 14, {
      name: "nats consumer info",
      query: (value) => `Which consumer has ${value} unprocessed messages?`,
      record: (name, value, at) =>
        `Information for Consumer ORDERS > ${name} created 2026-03-02 10:00:${two(at)}\n\nConfiguration:\n\n                    Name: ${name}\n               Pull Mode: true\n          Deliver Policy: All\n                Ack Wait: 30.${two(at)}s\n\nState:\n\n  Last Delivered Message: Consumer sequence: ${at + 3}\n        Outstanding Acks: ${at}\n    Unprocessed Messages: ${value}\n           Waiting Pulls: 1 of maximum 512\n\n`,
      line: (value) => `Unprocessed Messages: ${value}`,
      parent: (name) => name,
      siblings: /^Information|Name:/,
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
  "benchmarks of Go packages": (words) =>
    records(words, 24, {
      name: "go test -bench",
      query: (value) => `In which package does a benchmark take ${value} ns/op?`,
      record: (name, value, at) =>
        `goos: linux\ngoarch: amd64\npkg: example.com/shop/${name}\nBenchmark${capitalised(words.word())}-8   \t  100${at}\t     ${value} ns/op\t      ${at} B/op\nBenchmark${capitalised(words.word())}-8   \t  200${at}\t      9${two(at)} ns/op\t      ${at} B/op\nPASS\nok  \texample.com/shop/${name}\t1.2${two(at)}s\n`,
      line: (value) => `${value} ns/op`,
      parent: (name) => `shop/${name}`,
      siblings: /^pkg:/,
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
  "commands of a shell's history": (words) =>
    records(words, 70, {
      name: "fish_history",
      query: (_, name) => `When was the command for ${name} run?`,
      record: (name, value) => `- cmd: ./build --target ${name} --fast\n  when: 177${value}\n  paths:\n    - src/${words.word()}\n`,
      line: (value) => `when: 177${value}`,
      parent: (name) => `--target ${name}`,
      siblings: /cmd:/,
    }),
  "tasks of Celery": (words) =>
    records(words, 40, {
      name: "celery inspect active",
      query: (value) => `On which worker does the task of order ${value} run?`,
      record: (name, value, at) =>
        `->  celery@${name}: OK\n    * {'id': 'a${at}', 'name': 'shop.tasks.${words.word()}', 'args': [1], 'time_start': 17.${at}}\n    * {'id': 'b${at}', 'name': 'shop.tasks.${words.word()}', 'args': [${value}], 'time_start': 18.${at}}\n`,
      line: (value) => `[${value}]`,
      parent: (name) => `celery@${name}:`,
      siblings: /^->/,
    }),
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
