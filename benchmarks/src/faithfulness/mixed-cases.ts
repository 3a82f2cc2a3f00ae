// Kinds of which no two are alike: written last, to find out what is left to expect of kinds that are not here.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import { capitalised, times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const mixedCases: Readonly<Record<string, Make>> = {
  "tasks of ECS": (words) =>
    records(words, 20, {
      name: "aws ecs describe-tasks",
      query: (value) => `Which container has the hostPort ${value}?`,
      before: '{\n    "tasks": [\n',
      record: (name, value, at) =>
        `        {\n            "taskArn": "arn:aws:ecs:eu-1:12:task/${at}",\n            "containers": [\n                {\n                    "name": "${name}",\n                    "image": "shop/${words.word()}:1",\n                    "lastStatus": "RUNNING",\n                    "networkBindings": [\n                        {\n                            "containerPort": 80,\n                            "hostPort": ${value}\n                        }\n                    ]\n                }\n            ],\n            "startedBy": "${words.word()}"\n        }${at === 19 ? "" : ","}\n`,
      after: '    ],\n    "failures": []\n}\n',
      line: (value) => String(value),
      parent: (name) => name,
      siblings: /never/,
    }),
  "mutants that survived": (words) =>
    records(words, 26, {
      name: "stryker run",
      query: (value) => `In which file did the mutant with ${value} survive?`,
      record: (name, value, at) =>
        `[Survived] EqualityOperator\nsrc/${name}.ts:${at + 3}:9\n-         if (count > ${value}) return;\n+         if (count >= ${value}) return;\nTests ran:\n    shop counts the ${words.word()}\n    shop adds the ${words.word()}\n\n\n`,
      line: (value) => `count > ${value}`,
      parent: (name) => `src/${name}.ts`,
      siblings: /^src\//,
    }),
  "variables of snmpwalk": (words) =>
    records(words, 30, {
      name: "snmpwalk.txt",
      query: (value) => `Which interface has the speed ${value}?`,
      record: (name, value, at) =>
        `# device ${at}\nIF-MIB::ifDescr.${at} = STRING: port-${name}\nIF-MIB::ifType.${at} = INTEGER: ethernetCsmacd(6)\nIF-MIB::ifMtu.${at} = INTEGER: 1500\nIF-MIB::ifSpeed.${at} = Gauge32: ${value}\nIF-MIB::ifAlias.${at} = STRING: ${words.word()}\n\n`,
      line: (value) => `Gauge32: ${value}`,
      parent: (name) => `port-${name}`,
      siblings: /ifDescr/,
    }),
  "frames of a heap profile": (words) =>
    records(words, 70, {
      name: "massif.txt",
      query: (value) => `Which snapshot has ${value} extra bytes?`,
      record: (name, value, at) =>
        `#-----------\nsnapshot=${name}\n#-----------\ntime=${at * 100}\nmem_heap_B=${at * 1000 + 1}\nmem_heap_extra_B=${value}\nmem_stacks_B=0\nheap_tree=empty\n`,
      line: (value) => `mem_heap_extra_B=${value}`,
      parent: (name) => `snapshot=${name}`,
      siblings: /^snapshot=/,
    }),
  "answers of whois": (words) =>
    records(words, 20, {
      name: "whois.txt",
      query: (value) => `Which domain has the Registry Domain ID ${value}_DOM?`,
      record: (name, value, at) =>
        `   Domain Name: ${name.toUpperCase()}.EXAMPLE\n   Registrar URL: http://www.${words.word()}.example\n   Updated Date: 2026-03-${two((at % 28) + 1)}T10:00:00Z\n   Registry Domain ID: ${value}_DOM\n   Registrar: ${capitalised(words.word())} Inc.\n   Name Server: NS1.${words.word().toUpperCase()}.EXAMPLE\n   DNSSEC: unsigned\n>>> Last update of whois database: 2026-03-02T10:00:00Z <<<\n\n`,
      line: (value) => `${value}_DOM`,
      parent: (name) => `${name.toUpperCase()}.EXAMPLE`,
      siblings: /Domain Name:/,
    }),
  "summaries of strace -c": (words) =>
    records(words, 18, {
      name: "strace -c",
      query: (_, name) => `How many calls of read did ${name} make?`,
      record: (name, value, at) =>
        `$ strace -c ./${name}\n% time     seconds  usecs/call     calls    errors syscall\n------ ----------- ----------- --------- --------- ----------------\n 60.00    0.0012${two(at)}           4      ${value}           read\n 30.00    0.0006${two(at)}           3       2${two(at)}           write\n 10.00    0.0002${two(at)}           2        ${two(at)}         1 openat\n------ ----------- ----------- --------- --------- ----------------\n100.00    0.0021${two(at)}                  400         1 total\n`,
      line: (value) => `${value} read`,
      parent: (name) => `./${name}`,
      siblings: /^\$ strace/,
    }),
  "dependencies of Gradle": (words) =>
    records(words, 20, {
      name: "gradle dependencies",
      query: (value) => `Which configuration needs lib-${value}?`,
      record: (name, value, at) =>
        `${name}Classpath - Classpath of ${words.word()}.\n+--- org.${words.word()}:core:2.${at}\n|    \\--- org.shop:lib-${value}:1.0\n|         \\--- org.${words.word()}:base:1.1 -> 1.2\n\\--- junit:junit:4.13 (*)\n\n`,
      line: (value) => `lib-${value}`,
      parent: (name) => `${name}Classpath`,
      siblings: /Classpath -/,
    }),
  "steps of a load test": (words) =>
    records(words, 18, {
      name: "ab.log",
      query: (value) => `For which path were ${value} requests per second reached?`,
      record: (name, value, at) =>
        `This is ApacheBench, Version 2.3\nBenchmarking localhost (be patient).....done\n\nServer Hostname:        localhost\nDocument Path:          /${name}\nDocument Length:        ${at + 100} bytes\n\nConcurrency Level:      10\nComplete requests:      1000\nFailed requests:        ${at}\nRequests per second:    ${value}.12 [#/sec] (mean)\n\nConnection Times (ms)\n              min  mean[+/-sd] median   max\nConnect:        0    0   0.1      0       1\nTotal:          1    2   0.${at}      2       9\n\n`,
      line: (value) => `${value}.12`,
      parent: (name) => `/${name}`,
      siblings: /Document Path/,
    }),
  "mails that came back": (words) =>
    nameBelow(
      records(words, 18, {
        name: "bounces.txt",
        query: (value) => `To whom could the mail with queue id ${value}ABC not be delivered?`,
        record: (name, value, at) =>
          `Reporting-MTA: dns; mx.example.com\nX-Postfix-Queue-ID: ${value}ABC\nArrival-Date: Mon, 2 Mar 2026 10:00:${two(at)} +0100\n\nFinal-Recipient: rfc822; ${name}@example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 unknown user\n    (in reply to RCPT TO command)\n\n----------\n\n`,
        line: (value) => `${value}ABC`,
        parent: (name) => `${name}@example.org`,
        siblings: /never/,
      }),
    ),
  "weeks of a training plan": (words) =>
    records(words, 20, {
      name: "plan.md",
      query: (value) => `In which block are ${value} metres to be run on Friday?`,
      record: (name, value, at) =>
        `### Block ${at + 1}: ${name}\n\n| Day | What | Metres |\n|---|---|---|\n| Monday | ${words.word()} | ${at + 100} |\n| Wednesday | ${words.word()} | ${at + 200} |\n| Friday | ${words.word()} | ${value} |\n\n${words.sentence()}\n\n`,
      line: (value) => `| ${value} |`,
      parent: (name) => `: ${name}`,
      siblings: /^### /,
    }),
  "ingredients of products": (words) =>
    records(words, 24, {
      name: "products.html",
      query: (value) => `Which product has ${value} kcal?`,
      before: "<html><body><h1>Products</h1><div class='grid'>\n",
      record: (name, value) =>
        `<article class="card"><h3>${capitalised(name)} bar</h3><p>${words.sentence()}</p><ul><li>Energy: ${value} kcal</li><li>Contains ${words.word()}</li></ul><a href="/buy">Buy</a></article>\n`,
      after: "</div></body></html>\n",
      line: (value) => `${value} kcal`,
      parent: (name) => `${capitalised(name)} bar`,
      siblings: / bar$/,
    }),
  "units of an XLIFF": (words) =>
    records(words, 30, {
      name: "messages.xlf",
      query: (value) => `Which source text stands in line ${value}?`,
      before: '<?xml version="1.0"?>\n<xliff version="1.2">\n<file source-language="en" datatype="plaintext">\n<body>\n',
      record: (name, value, at) =>
        `<trans-unit id="u${at}">\n  <source>The ${name} is open</source>\n  <target>${capitalised(words.word())} ist offen</target>\n  <context-group purpose="location">\n    <context context-type="linenumber">${value}</context>\n  </context-group>\n</trans-unit>\n`,
      after: "</body>\n</file>\n</xliff>\n",
      line: (value) => String(value),
      parent: (name) => `The ${name} is open`,
      siblings: /The \w+ is open/,
    }),
  "rules of Rego": (words) =>
    records(words, 24, {
      name: "access.rego",
      query: (value) => `Which rule compares with ${value}?`,
      before: "package shop.access\n\nimport rego.v1\n\ndefault allow := false\n\n",
      record: (name, value) =>
        `# ${words.sentence()}\nallow_${name} if {\n\tinput.user.role == "${words.word()}"\n\tinput.amount < ${value}\n\tnot ${words.word()}_blocked\n}\n\n`,
      line: (value) => `input.amount < ${value}`,
      parent: (name) => `allow_${name} if`,
      siblings: /^allow_/,
    }),
  "devices of a home": (words) =>
    records(words, 24, {
      name: "automations.yaml",
      query: (value) => `Which automation turns the light to a brightness of ${value}?`,
      record: (name, value, at) =>
        `- id: '${at + 100}'\n  alias: ${capitalised(name)} in the evening\n  trigger:\n  - platform: sun\n    event: sunset\n    offset: -00:${two(at)}:00\n  condition: []\n  action:\n  - service: light.turn_on\n    target:\n      entity_id: light.${words.word()}\n    data:\n      brightness: ${value}\n  mode: single\n`,
      line: (value) => `brightness: ${value}`,
      parent: (name) => `${capitalised(name)} in the evening`,
      siblings: /alias:/,
    }),
  "tracks of an album": (words) =>
    records(words, 30, {
      name: "library.m3u8",
      query: (value) => `Which track lasts ${value} seconds?`,
      before: "#EXTM3U\n",
      record: (name, value) =>
        `#EXTINF:${value},${capitalised(name)} - ${words.word()}\n#EXTALB:${capitalised(words.word())}\n#EXTGENRE:${words.word()}\n/music/${words.word()}.flac\n`,
      line: (value) => `#EXTINF:${value}`,
      parent: (name) => `,${capitalised(name)} -`,
      siblings: /never/,
    }),
  "sites of a survey": (words) =>
    records(words, 20, {
      name: "survey.txt",
      query: (value) => `At which site were ${value} birds counted?`,
      record: (name, value, at) =>
        `SITE ${at + 1}\t${capitalised(name)} Bay\nObserver:\t${capitalised(words.word())}\nWeather:\tdry, wind ${at}\n\nSpecies\tCount\n${times(3, (own) => `${capitalised(words.word())} gull\t${own + at}\n`).join("")}Total\t${value}\n\n`,
      line: (value) => `Total ${value}`,
      parent: (name) => `${capitalised(name)} Bay`,
      siblings: /^SITE/,
    }),
  "letters of a reader": (words) =>
    nameBelow(
      records(words, 20, {
        name: "letters.txt",
        query: (value) => `Who counted ${value} cars?`,
        record: (name, value) =>
          `Sir – ${words.paragraph(1)} On my way I counted ${value} cars.\n${words.paragraph(1)}\n${capitalised(name)} Berg\n${capitalised(words.word())}, Kent\n\n`,
        line: (value) => `${value} cars`,
        parent: (name) => `${capitalised(name)} Berg`,
        siblings: /Berg$/,
      }),
    ),
  "bookings in Dutch": (words) =>
    records(words, 70, {
      name: "boekingen.txt",
      query: (value) => `Welke gast heeft boeking ${value}?`,
      record: (name, value, at) =>
        `Gast: mevrouw ${capitalised(name)}\n   kamer ${at + 1}, twee nachten\n   boeking ${value}\n   ontbijt inbegrepen\n\n`,
      line: (value) => `boeking ${value}`,
      parent: (name) => `mevrouw ${capitalised(name)}`,
      siblings: /^Gast/,
    }),
  "reports in Hebrew": (words) =>
    records(words, 60, {
      name: "דוחות",
      query: (value) => `באיזה סניף נמכרו ${value} יחידות?`,
      record: (name, value, at) =>
        `סניף ${capitalised(name)}\nמנהל: מר ${capitalised(words.word())}\nבחודש זה נמכרו ${value} יחידות.\nמספר העובדים: ${at + 2}\n\n`,
      line: (value) => `${value} יחידות`,
      parent: (name) => `סניף ${capitalised(name)}`,
      siblings: /^סניף/,
    }),
  "a log in Korean": (words) =>
    records(words, 26, {
      name: "점검.log",
      query: (value) => `오류 코드 ${value}가 발생한 서버는 어디입니까?`,
      record: (name, value, at) =>
        `=== ${name} 서버 점검 ===\n시작 시각: 10:${two(at)}\n디스크 상태: 정상\n오류 코드: ${value}\n조치: 담당자에게 알림\n`,
      line: (value) => `오류 코드: ${value}`,
      parent: (name) => `${name} 서버`,
      siblings: /^===/,
    }),
};
