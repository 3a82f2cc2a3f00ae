// Findings of compilers and linters, and what profilers and load tests report.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import { capitalised, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const checkerCases: Readonly<Record<string, Make>> = {
  "offences of RuboCop": (words) =>
    records(words, 40, {
      name: "rubocop",
      query: (value) => `In which file does a method have ${value} lines?`,
      before: "Inspecting 40 files\nCWCCCCCCCCCCCCCCCCCC\n\nOffenses:\n\n",
      record: (name, value, at) =>
        `app/models/${name}.rb:${at + 3}:3: C: Metrics/MethodLength: Method has too many lines. [${value}/10]\n  def ${words.word()} ...\n  ^^^^^^^^^^^^\napp/models/${name}.rb:${at + 9}:81: C: [Correctable] Layout/LineLength: Line is too long. [${at + 90}/80]\n    ${words.word()} = ${words.word()}.call\n        ^^^^^^^^^^^\n`,
      line: (value) => `[${value}/10]`,
      parent: (name) => `${name}.rb`,
      siblings: /app\/models/,
    }),
  "findings of stylelint": (words) =>
    records(words, 40, {
      name: "stylelint",
      query: (value) => `In which file is the z-index ${value}?`,
      record: (name, value, at) =>
        `\nsrc/styles/${name}.css\n  ${at + 2}:3   ✖  Unexpected empty block                            block-no-empty\n ${at + 12}:12  ✖  Expected z-index ${value} to be at most 100          number-max\n ${at + 20}:1   ⚠  Unexpected unknown property "${words.word()}"      property-no-unknown\n`,
      line: (value) => `z-index ${value}`,
      parent: (name) => `src/styles/${name}.css`,
      siblings: /\.css$/,
    }),
  "findings of ShellCheck": (words) =>
    records(words, 30, {
      name: "shellcheck",
      query: (value) => `In which script is port_${value} unused?`,
      record: (name, value, at) =>
        `\nIn deploy/${name}.sh line ${at + 4}:\nport_${value}=$1\n^--------^ SC2034 (warning): port_${value} appears unused. Verify use (or export if used externally).\n\n\nIn deploy/${name}.sh line ${at + 9}:\ncd $${words.word()}\n^---^ SC2164 (warning): Use 'cd ... || exit' in case cd fails.\n   ^-- SC2086 (info): Double quote to prevent globbing.\n\n`,
      line: (value) => `port_${value} appears`,
      parent: (name) => `deploy/${name}.sh`,
      siblings: /^In deploy/,
    }),
  "findings of ruff": (words) =>
    nameBelow(
      records(words, 30, {
        name: "ruff check",
        query: (value) => `In which file is limit_${value} undefined?`,
        record: (name, value, at) =>
          `F821 Undefined name \`limit_${value}\`\n  --> src/shop/${name}.py:${at + 12}:9\n   |\n${at + 10} | def ${words.word()}(self):\n${at + 11} |     ${words.word()} = 1\n${at + 12} |     if count > limit_${value}:\n   |                ^^^^^^^^^^\n${at + 13} |         return\n   |\n\n`,
        line: (value) => `name \`limit_${value}\``,
        parent: (name) => `src/shop/${name}.py`,
        siblings: /never/,
      }),
    ),
  "notes of mypy": (words) =>
    records(words, 50, {
      name: "mypy",
      query: (value) => `Which module calls part_${value} with a wrong type?`,
      record: (name, value, at) =>
        `shop/${name}.py: note: In member "${words.word()}" of class "${capitalised(words.word())}":\nshop/${name}.py:${at + 5}: error: Argument 1 to "part_${value}" has incompatible type "str"; expected "int"  [arg-type]\nshop/${name}.py:${at + 5}: note: See https://mypy.example/docs\n`,
      line: (value) => `"part_${value}"`,
      parent: (name) => `shop/${name}.py`,
      siblings: /^shop\//,
    }),
  "findings of golangci-lint": (words) =>
    records(words, 40, {
      name: "golangci-lint run",
      query: (value) => `In which file does shadowed${value} hide another variable?`,
      record: (name, value, at) =>
        `internal/${name}/service.go:${at + 4}:2: declaration of "shadowed${value}" shadows declaration at line 4 (govet)\n\tshadowed${value}, err := ${words.word()}(context)\n\t^\ninternal/${name}/service.go:${at + 30}:10: Error return value of \`${words.word()}.Close\` is not checked (errcheck)\n\tdefer ${words.word()}.Close()\n\t      ^\n`,
      line: (value) => `"shadowed${value}"`,
      parent: (name) => `internal/${name}/`,
      siblings: /^internal/,
    }),
  "errors of GHC": (words) =>
    records(words, 24, {
      name: "cabal build",
      query: (value) => `Which module has no instance for Limit${value}?`,
      record: (name, value, at) =>
        `[${at + 1} of 24] Compiling Shop.${capitalised(name)} ( src/Shop/${capitalised(name)}.hs, dist/${at}.o )\n\nsrc/Shop/${capitalised(name)}.hs:${at + 7}:12: error: [GHC-39999]\n    • No instance for ‘Show Limit${value}’ arising from a use of ‘show’\n    • In the expression: show ${words.word()}\n      In an equation for ‘${words.word()}’:\n          ${words.word()} = show limit\n   |\n${at + 7} | ${words.word()} = show limit\n   |            ^^^^\n\n`,
      line: (value) => `Show Limit${value}’`,
      parent: (name) => `Shop/${capitalised(name)}.hs`,
      siblings: /error: \[GHC/,
    }),
  "errors of swiftc": (words) =>
    records(words, 30, {
      name: "swift build",
      query: (value) => `In which file is part${value} not found?`,
      record: (name, value, at) =>
        `/src/Sources/Shop/${capitalised(name)}.swift:${at + 9}:17: error: cannot find 'part${value}' in scope\n${at + 7} |     let ${words.word()} = 1\n${at + 8} |     func ${words.word()}() {\n${at + 9} |         return part${value}.next\n   |                |- error: cannot find 'part${value}' in scope\n${at + 10} |     }\n`,
      line: (value) => `part${value}' in scope`,
      parent: (name) => `Shop/${capitalised(name)}.swift`,
      siblings: /\.swift:\d+:\d+: error/,
    }),
  "errors of sbt": (words) =>
    records(words, 30, {
      name: "sbt compile",
      query: (value) => `In which file is the value limit${value} not a member?`,
      before: "[info] welcome to sbt 1.9.9\n[info] compiling 30 Scala sources to /src/target/scala-3.4.0/classes ...\n",
      record: (name, value, at) =>
        `[error] -- [E008] Not Found Error: /src/main/scala/shop/${capitalised(name)}.scala:${at + 4}:18 \n[error] ${at + 4} |    val next = ${words.word()}.limit${value}\n[error]   |               ^^^^^^^^^^^^^^^\n[error]   |               value limit${value} is not a member of shop.${capitalised(words.word())}\n`,
      after: "[error] 30 errors found\n[error] (Compile / compileIncremental) Compilation failed\n",
      line: (value) => `limit${value}`,
      parent: (name) => `shop/${capitalised(name)}.scala`,
      siblings: /\[E008\]/,
    }),
  "warnings of the Elixir compiler": (words) =>
    nameBelow(
      records(words, 30, {
        name: "mix compile",
        query: (value) => `Where is the variable limit_${value} unused?`,
        before: "Compiling 30 files (.ex)\n",
        record: (name, value, at) =>
          `    warning: variable "limit_${value}" is unused (if the variable is not meant to be used, prefix it with an underscore)\n    │\n ${at + 10} │   def ${words.word()}(limit_${value}) do\n    │       ~~~~~~~~~~\n    │\n    └─ lib/shop/${name}.ex:${at + 10}:7: Shop.${capitalised(name)}.run/1\n\n`,
        line: (value) => `"limit_${value}" is unused`,
        parent: (name) => `lib/shop/${name}.ex`,
        siblings: /└─/,
      }),
    ),
  "notes of R CMD check": (words) =>
    records(words, 26, {
      name: "R CMD check",
      query: (value) => `Which package has a size of ${value}Kb?`,
      record: (name, value, at) =>
        `* using log directory ‘/check/${name}.Rcheck’\n* using R version 4.4.1\n* checking for file ‘DESCRIPTION’ ... OK\n* checking installed package size ... NOTE\n  installed size is ${value}Kb\n  sub-directories of 1Kb or more:\n    ${words.word()}   ${at + 1}.5Kb\n* checking whether the package can be loaded ... OK\n* checking tests ...\n  Running ‘${words.word()}.R’\n OK\n* DONE\nStatus: 1 NOTE\n\n`,
      line: (value) => `${value}Kb`,
      parent: (name) => `${name}.Rcheck`,
      siblings: /log directory/,
    }),
  "reports of AddressSanitizer": (words) =>
    nameBelow(
      records(words, 16, {
        name: "asan.log",
        query: (value) => `In which function does the overflow in process ${value} happen?`,
        record: (name, value, at) =>
          `=================================================================\n==${value}==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x6020${two(at)} at pc 0x5581 bp 0x7ffd sp 0x7ffd\nREAD of size 4 at 0x6020${two(at)} thread T0\n    #0 0x5581aa in ${name}_read /src/${words.word()}.c:${at + 12}:9\n    #1 0x5581bb in ${words.word()}_run /src/main.c:40:3\n    #2 0x5581cc in main /src/main.c:77:5\n\n0x6020${two(at)} is located 0 bytes after 40-byte region [0x6020,0x6028)\nallocated by thread T0 here:\n    #0 0x5581dd in malloc (/app+0xcd)\n    #1 0x5581ee in ${words.word()}_new /src/main.c:12:3\n\nSUMMARY: AddressSanitizer: heap-buffer-overflow /src/main.c:${at}:9\n`,
        line: (value) => `==${value}==ERROR`,
        parent: (name) => `in ${name}_read`,
        siblings: /never/,
      }),
    ),
  "scenarios of k6": (words) =>
    records(words, 14, {
      name: "k6 run",
      query: (_, name) => `How many http_reqs did the scenario ${name} make?`,
      record: (name, value, at) =>
        `  scenario: ${name}\n\n     ✓ status is 200\n     ✗ body has ${words.word()}\n      ↳  9${at % 10}% — ✓ 90 / ✗ 4\n\n     checks.........................: 97.22% ✓ 175       ✗ 5\n     data_received..................: 1.${at} MB 34 kB/s\n     http_req_blocked...............: avg=1.2ms   min=1µs   med=3µs   max=40ms  p(90)=5µs   p(95)=9µs\n     http_req_duration..............: avg=10${at}ms  min=90ms  med=99ms  max=300ms p(90)=120ms p(95)=140ms\n     http_req_failed................: 0.00%  ✓ 0         ✗ ${at}\n     http_reqs......................: ${value}    9.2/s\n     iterations.....................: 9${at}     1.0/s\n     vus............................: 10     min=10      max=10\n\n`,
      line: (value) => `: ${value} `,
      parent: (name) => `scenario: ${name}`,
      siblings: /scenario:/,
    }),
  "runs of wrk": (words) =>
    records(words, 24, {
      name: "wrk",
      query: (_, name) => `How many requests did /api/${name} serve?`,
      record: (name, value, at) =>
        `Running 30s test @ http://localhost:8080/api/${name}\n  12 threads and 400 connections\n  Thread Stats   Avg      Stdev     Max   +/- Stdev\n    Latency   ${at + 600}.63us    0.89ms  12.92ms   93.69%\n    Req/Sec    56.20k     8.07k   62.00k    86.54%\n  ${value} requests in 30.00s, 17.76GB read\n  Non-2xx or 3xx responses: ${at}\nRequests/sec: 7480${at}.27\nTransfer/sec:    606.33MB\n\n`,
      line: (value) => `${value} requests in`,
      parent: (name) => `/api/${name}`,
      siblings: /^Running/,
    }),
  "benchmarks of criterion": (words) =>
    records(words, 30, {
      name: "cargo bench",
      query: (_, name) => `What is the time of the benchmark parse_${name}?`,
      record: (name, value, at) =>
        `parse_${name}\n                        time:   [1.${at + 10} µs 1.${value} µs 1.99 µs]\n                        thrpt:  [${at + 20}.1 MiB/s ${at + 21}.4 MiB/s ${at + 22}.9 MiB/s]\n                 change:\n                        time:   [-0.5% +0.1% +0.7%] (p = 0.${two(at)} > 0.05)\n                        No change in performance detected.\nFound ${at} outliers among 100 measurements\n  ${at} (3.00%) high mild\n\n`,
      line: (value) => `1.${value} µs`,
      parent: (name) => `parse_${name}`,
      siblings: /^parse_/,
    }),
  "audits of Lighthouse": (words) =>
    records(words, 18, {
      name: "lighthouse.txt",
      query: (value) => `Which page has a Total Blocking Time of ${value} ms?`,
      record: (name, value, at) =>
        `https://shop.example/${name}\n\n  Performance      ${at + 60}\n  Accessibility    9${at % 10}\n  Best Practices   100\n  SEO              9${(at + 3) % 10}\n\n  Metrics\n    First Contentful Paint    1.${at} s\n    Total Blocking Time       ${value} ms\n    Cumulative Layout Shift   0.0${at}\n\n  Opportunities\n    Reduce unused JavaScript — ${words.word()}.js, ${at + 40} KiB\n\n`,
      line: (value) => `${value} ms`,
      parent: (name) => `https://shop.example/${name}`,
      siblings: /^https:/,
    }),
  "callees of gprof": (words) =>
    records(words, 20, {
      name: "gprof call graph",
      query: (value) => `Which function is called ${value} times?`,
      before: "                     Call graph\n\nindex % time    self  children    called     name\n",
      record: (name, value, at) =>
        `                0.0${at % 10}    0.12      ${at + 2}/${at + 9}       ${words.word()}_loop [${at + 1}]\n[${at + 40}]    12.${at}    0.05    0.12    ${value}         ${name}_step [${at + 40}]\n                0.0${at % 10}    0.00      20/77       ${words.word()}_copy [${at + 2}]\n                0.00    0.00      10/20       ${words.word()}_free [${at + 3}]\n-----------------------------------------------\n`,
      line: (value) => ` ${value} `,
      parent: (name) => `${name}_step`,
      siblings: /never/,
    }),
  "files of a coverage report": (words) =>
    records(words, 60, {
      name: "lcov.info",
      query: (_, name) => `How often was line 77 of src/${name}.ts executed?`,
      record: (name, value, at) =>
        `TN:\nSF:src/${name}.ts\nFN:3,${words.word()}\nFNF:1\nFNDA:${at},${words.word()}\nDA:3,${at}\nDA:77,${value}\nDA:80,0\nLF:${at + 20}\nLH:${at + 11}\nend_of_record\n`,
      line: (value) => `DA:77,${value}`,
      parent: (name) => `SF:src/${name}.ts`,
      siblings: /^SF:/,
    }),
};
