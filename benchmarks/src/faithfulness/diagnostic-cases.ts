// What programs print about machines and programs: dumps, traces, tables of devices, runs of playbooks and checkers.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import { capitalised, times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

export const diagnosticCases: Readonly<Record<string, Make>> = {
  "threads of a Java dump": (words) =>
    records(words, 36, {
      name: "jstack",
      query: (value) => `Which thread stands at line ${value}?`,
      before: "2026-03-02 10:00:00\nFull thread dump OpenJDK 64-Bit Server VM (21.0.2+13 mixed mode):\n\n",
      record: (name, value, at) =>
        `"${name}-pool-1" #${at + 12} prio=5 os_prio=0 cpu=${at}.11ms elapsed=90.2s tid=0x00007f${at + 10} nid=0x${at + 30} waiting on condition\n   java.lang.Thread.State: WAITING (parking)\n\tat jdk.internal.misc.Unsafe.park(Native Method)\n\tat shop.${capitalised(words.word())}.take(${capitalised(words.word())}.java:${value})\n\tat java.lang.Thread.run(Thread.java:1583)\n\n`,
      line: (value) => `.java:${value})`,
      parent: (name) => `"${name}-pool-1"`,
      siblings: /^"/,
    }),
  "goroutines of a panic": (words) =>
    records(words, 36, {
      name: "panic.txt",
      query: (value) => `Which function was called at line ${value}?`,
      before: "panic: runtime error: invalid memory address or nil pointer dereference\n\n",
      record: (name, value, at) =>
        `goroutine ${at + 1} [select]:\nmain.${name}(0xc00010, {0x0, 0x0})\n\t/src/shop/${words.word()}.go:${value} +0x1d4\ncreated by main.${words.word()} in goroutine 1\n\t/src/shop/main.go:31 +0x99\n\n`,
      line: (value) => `.go:${value} `,
      parent: (name) => `main.${name}(`,
      siblings: /^main\./,
    }),
  "threads of gdb": (words) =>
    records(words, 30, {
      name: "gdb",
      query: (value) => `Which thread is in a frame at line ${value}?`,
      before: "(gdb) thread apply all bt\n\n",
      record: (name, value, at) =>
        `Thread ${at + 1} (Thread 0x7f${at + 100} (LWP ${at + 900}) "${name}"):\n#0  0x00007f in poll () from /lib/libc.so.6\n#1  0x00005 in ${words.word()}_wait (fd=${at}) at ${words.word()}.c:${value}\n#2  0x00005 in ${words.word()}_loop () at loop.c:88\n#3  0x00005 in start_thread () from /lib/libc.so.6\n\n`,
      line: (value) => `.c:${value}`,
      parent: (name) => `"${name}"`,
      siblings: /^Thread \d/,
    }),
  "errors of valgrind": (words) =>
    nameBelow(
      records(words, 36, {
        name: "valgrind",
        query: (value) => `In which function is a block of ${value} bytes lost?`,
        before: "==77== Memcheck, a memory error detector\n==77== HEAP SUMMARY:\n==77== \n",
        record: (name, value, at) =>
          `==77== ${value} bytes in 1 blocks are definitely lost in loss record ${at + 1} of 36\n==77==    at 0x4843: malloc (vg_replace_malloc.c:381)\n==77==    by 0x1091: ${name}_open (${words.word()}.c:${at + 10})\n==77==    by 0x1092: main (main.c:12)\n==77== \n`,
        line: (value) => `${value} bytes in 1 blocks`,
        parent: (name) => name,
        siblings: /^$/,
      }),
    ),
  "hosts of nmap": (words) =>
    records(words, 30, {
      name: "nmap",
      query: (value) => `Which host has port ${value} open?`,
      before: "Starting Nmap 7.94 at 2026-03-02 10:00 UTC\n",
      record: (name, value, at) =>
        `Nmap scan report for ${name}.example (10.0.0.${at + 1})\nHost is up (0.00${at + 10}s latency).\nNot shown: 997 closed tcp ports (reset)\nPORT     STATE SERVICE\n22/tcp   open  ssh\n443/tcp  open  https\n${value}/tcp open  unknown\nMAC Address: 02:42:AC:11:00:${at + 10} (Unknown)\n\n`,
      line: (value) => `${value}/tcp open`,
      parent: (name) => `${name}.example`,
      siblings: /^Nmap scan report/,
    }),
  "interfaces of ip addr": (words) =>
    records(words, 36, {
      name: "ip addr",
      query: (value) => `Which interface has an MTU of ${value}?`,
      record: (name, value, at) =>
        `${at + 1}: ${name}0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu ${value} qdisc fq_codel state UP group default qlen 1000\n    link/ether 02:42:ac:11:00:${at + 10} brd ff:ff:ff:ff:ff:ff\n    inet 10.${at}.0.1/16 brd 10.${at}.255.255 scope global ${name}0\n       valid_lft forever preferred_lft forever\n`,
      line: (value) => `mtu ${value}`,
      parent: (name) => `${name}0:`,
      siblings: /^\d+: /,
    }),
  "addresses of ip addr": (words) =>
    records(words, 36, {
      name: "ip addr",
      query: (value) => `Which interface has the address 10.9.${value % 256}.1?`,
      record: (name, value, at) =>
        `${at + 1}: ${name}0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000\n    link/ether 02:42:ac:11:00:${at + 10} brd ff:ff:ff:ff:ff:ff\n    inet 10.9.${value % 256}.1/24 scope global\n       valid_lft forever preferred_lft forever\n`,
      line: (value) => `inet 10.9.${value % 256}.1/24`,
      parent: (name) => `${name}0:`,
      siblings: /^\d+: /,
    }),
  "states of systemctl": (words) =>
    records(words, 24, {
      name: "systemctl status",
      query: (value) => `Which service has the main PID ${value}?`,
      record: (name, value) =>
        `● ${name}.service - The ${words.word()} of the ${words.word()}\n     Loaded: loaded (/lib/systemd/system/${name}.service; enabled; preset: enabled)\n     Active: active (running) since Mon 2026-03-02 10:00:00 UTC; 2 days ago\n   Main PID: ${value} (${name.slice(0, 8)})\n      Tasks: ${words.below(90)} (limit: 9000)\n     Memory: ${words.below(90)}.0M\n     CGroup: /system.slice/run\n\n`,
      line: (value) => `Main PID: ${value}`,
      parent: (name) => `${name}.service`,
      siblings: /^● /,
    }),
  "tasks of Ansible": (words) =>
    records(words, 30, {
      name: "ansible-playbook",
      query: (value) => `In which task did a host report ${value}?`,
      before: "PLAY [web servers] ****************************\n\n",
      record: (name, value) =>
        `TASK [install the ${name}] ********************************\nok: [host-a.example]\nchanged: [host-b.example] => {"msg": "version ${value}"}\nok: [host-c.example]\n\n`,
      after: "PLAY RECAP ****\nhost-a.example : ok=30 changed=0 unreachable=0 failed=0\n",
      line: (value) => `version ${value}`,
      parent: (name) => `install the ${name}`,
      siblings: /^TASK /,
    }),
  "requests of curl -v": (words) =>
    records(words, 24, {
      name: "curl -v",
      query: (value) => `Which path answered with a length of ${value}?`,
      record: (name, value) =>
        `> GET /${name} HTTP/1.1\r\n> Host: api.example\r\n> Accept: */*\r\n>\r\n< HTTP/1.1 200 OK\r\n< Content-Type: text/plain\r\n< Content-Length: ${value}\r\n< X-Served-By: ${words.word()}\r\n<\r\n* Connection #0 to host api.example left intact\r\n`,
      line: (value) => `Content-Length: ${value}`,
      parent: (name) => `GET /${name} `,
      siblings: /^> GET /,
    }),
  "rows of MySQL's \\G": (words) =>
    records(words, 36, {
      name: "mysql",
      query: (value) => `What is the name of the row with stock ${value}?`,
      record: (name, value, at) =>
        `*************************** ${at + 1}. row ***************************\n        id: ${at + 900}\n      name: ${name}\n    colour: ${words.word()}\n     stock: ${value}\nupdated_at: 2026-03-02 10:00:00\n`,
      after: "36 rows in set (0.01 sec)\n",
      line: (value) => `stock: ${value}`,
      parent: (name) => `name: ${name}`,
      siblings: /^\s+name: /,
    }),
  "tables of psql": (words) =>
    records(words, 24, {
      name: "psql",
      query: (value) => `Which table has a column of character varying(${value})?`,
      before: "shop=# \\d *\n",
      record: (name, value) =>
        `                 Table "public.${name}"\n  Column   |          Type          | Collation | Nullable | Default\n-----------+------------------------+-----------+----------+---------\n id        | bigint                 |           | not null |\n ${words.word()}     | text                   |           |          |\n code      | character varying(${value}) |        |          |\nIndexes:\n    "${name}_pkey" PRIMARY KEY, btree (id)\n\n`,
      line: (value) => `character varying(${value})`,
      parent: (name) => `"public.${name}"`,
      siblings: /Table "/,
    }),
  "targets of Trivy": (words) =>
    records(words, 24, {
      name: "trivy",
      query: (value) => `In which target was CVE-2026-${value} found?`,
      record: (name, value) =>
        `${name}/package-lock.json (npm)\n${"=".repeat(name.length + 24)}\nTotal: 2 (HIGH: 1, CRITICAL: 1)\n\n┌─────────┬────────────────┬──────────┐\n│ Library │ Vulnerability  │ Severity │\n├─────────┼────────────────┼──────────┤\n│ ${words.word()} │ CVE-2026-${value} │ HIGH     │\n│ ${words.word()} │ CVE-2025-${value} │ CRITICAL │\n└─────────┴────────────────┴──────────┘\n\n`,
      line: (value) => `CVE-2026-${value}`,
      parent: (name) => `${name}/package-lock.json`,
      siblings: /package-lock\.json/,
    }),
  "files of pylint": (words) =>
    records(words, 36, {
      name: "pylint",
      query: (value) => `In which module is a warning for line ${value}?`,
      record: (name, value) =>
        `************* Module shop.${name}\nsrc/a.py:12:0: C0116: Missing function or method docstring (missing-function-docstring)\nsrc/a.py:${value}:4: W0612: Unused variable '${words.word()}' (unused-variable)\nsrc/a.py:90:8: R1705: Unnecessary "else" after "return" (no-else-return)\n`,
      after: "\n-----------------------------------\nYour code has been rated at 7.10/10\n",
      line: (value) => `:${value}:4:`,
      parent: (name) => `Module shop.${name}`,
      siblings: /^\*+ Module/,
    }),
  "warnings of clippy": (words) =>
    records(words, 30, {
      name: "cargo clippy",
      query: (value) => `What is the warning at line ${value}?`,
      record: (name, value) =>
        `warning: the variable \`${name}\` is never read\n  --> src/${words.word()}.rs:${value}:9\n   |\n${value} |     let mut ${name} = 1;\n   |         ^^^^ help: remove it\n   |\n   = note: \`#[warn(unused)]\` on by default\n\n`,
      line: (value) => `.rs:${value}:9`,
      parent: (name) => `\`${name}\` is never read`,
      siblings: /^warning:/,
    }),
  "suites of Mocha": (words) => {
    const at = words.below(60);
    const names = words.words(60);
    return {
      query: "Which test failed, and in which suite?",
      name: "mocha",
      text: `\n${names.map((name, own) => `  The ${name}\n    ✔ opens the ${words.word()}\n    ${own === at ? "1) counts the crates" : "✔ counts the crates"}\n    ✔ closes\n`).join("\n")}\n\n  179 passing (2s)\n  1 failing\n\n  1) The ${names[at]}\n       counts the crates:\n\n      AssertionError: expected 4 to equal 5\n      + expected - actual\n\n      -4\n      +5\n\n      at Context.<anonymous> (test/a.test.js:31:20)\n`,
      gold: { all: [`1) The ${names[at]}`, "counts the crates", "expected 4 to equal 5"] },
    };
  },
  PHPUnit: (words) => {
    const name = capitalised(words.word());
    const dots = `${times(60, (at) => `${".".repeat(63)} ${(at + 1) * 63} / 3843 ( ${Math.floor(((at + 1) * 100) / 61)}%)`).join("\n")}\n${".".repeat(30)}F${".".repeat(32)} 3843 / 3843 (100%)`;
    return {
      query: "Which test failed, and why?",
      name: "phpunit",
      text: `PHPUnit 11.0.1 by Sebastian Bergmann and contributors.\n\n${dots}\n\nTime: 00:01.2, Memory: 30.00 MB\n\nThere was 1 failure:\n\n1) Tests\\${name}Test::testTotal\nFailed asserting that 30 matches expected 31.\n\n/src/tests/${name}Test.php:41\n\nFAILURES!\nTests: 3843, Assertions: 900, Failures: 1.\n`,
      gold: { all: [`${name}Test::testTotal`, "30 matches expected 31", `${name}Test.php:41`] },
    };
  },
  "steps of a CI log": (words) =>
    records(words, 24, {
      name: "job.log",
      query: (value) => `In which step was error code ${value} printed?`,
      record: (name, value) =>
        `2026-03-02T10:00:01.1234567Z ##[group]Run make ${name}\n2026-03-02T10:00:01.2234567Z shell: /usr/bin/bash -e {0}\n2026-03-02T10:00:01.3234567Z ##[endgroup]\n2026-03-02T10:00:02.1234567Z building the ${words.word()}\n2026-03-02T10:00:03.1234567Z note: code ${value} from the ${words.word()}\n2026-03-02T10:00:04.1234567Z built the ${words.word()}\n`,
      line: (value) => `code ${value}`,
      parent: (name) => `Run make ${name}`,
      siblings: /##\[group\]/,
    }),
  "stages of Jenkins": (words) =>
    records(words, 24, {
      name: "console.log",
      query: (value) => `In which stage was artifact ${value} uploaded?`,
      record: (name, value) =>
        `[Pipeline] stage\n[Pipeline] { (${name})\n[Pipeline] sh\n+ make ${words.word()}\ncompiled the ${words.word()}\nuploaded artifact ${value}\n[Pipeline] }\n[Pipeline] // stage\n`,
      line: (value) => `uploaded artifact ${value}`,
      parent: (name) => `{ (${name})`,
      siblings: /^\[Pipeline\] \{ \(/,
    }),
  "chains of iptables": (words) =>
    records(words, 24, {
      name: "iptables -L",
      query: (value) => `Which chain accepts port ${value}?`,
      record: (name, value) =>
        `Chain ${name.toUpperCase()} (1 references)\ntarget     prot opt source               destination\nDROP       all  --  10.${words.below(99)}.0.0/16         anywhere\nACCEPT     tcp  --  anywhere             anywhere             tcp dpt:${value}\nRETURN     all  --  anywhere             anywhere\n\n`,
      line: (value) => `dpt:${value}`,
      parent: (name) => `Chain ${name.toUpperCase()} `,
      siblings: /^Chain /,
    }),
  "calls of strace -f": (words) =>
    records(words, 40, {
      name: "strace",
      query: (value) => `Which file was read with ${value} bytes?`,
      record: (name, value, at) =>
        `[pid ${at + 100}] openat(AT_FDCWD, "/etc/${name}.conf", O_RDONLY) = 3\n[pid ${at + 100}] fstat(3, {st_mode=S_IFREG|0644, st_size=${at + 5}}) = 0\n[pid ${at + 100}] read(3, "${words.word()}"..., 65536) = ${value}\n[pid ${at + 100}] close(3) = 0\n`,
      line: (value) => `= ${value}`,
      parent: (name) => `/etc/${name}.conf`,
      siblings: /openat/,
    }),
  "certificates of openssl": (words) =>
    nameBelow(
      records(words, 16, {
        name: "openssl x509 -text",
        query: (value) => `Whose certificate has the serial number ${value}?`,
        record: (name, value) =>
          `Certificate:\n    Data:\n        Version: 3 (0x2)\n        Serial Number: ${value} (0x1${value})\n        Signature Algorithm: ecdsa-with-SHA256\n        Issuer: O = Example, CN = Example CA\n        Validity\n            Not Before: Mar  2 10:00:00 2026 GMT\n            Not After : Mar  2 10:00:00 2027 GMT\n        Subject: CN = ${name}.example\n        Subject Public Key Info:\n            Public Key Algorithm: id-ecPublicKey\n                Public-Key: (256 bit)\n`,
        line: (value) => `Serial Number: ${value}`,
        parent: (name) => name,
        siblings: /^$/,
      }),
    ),
};
