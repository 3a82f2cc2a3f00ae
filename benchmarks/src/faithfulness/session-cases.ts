// Sessions of interactive tools, and what scanners, package managers and measurements print.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import { capitalised, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const sessionCases: Readonly<Record<string, Make>> = {
  "a session of gdb": (words) =>
    records(words, 30, {
      name: "gdb.txt",
      query: (_, name) => `What is the size field of ${name}?`,
      before: "Reading symbols from ./shop...\nBreakpoint 1 at 0x1149: file shop.c, line 9.\n",
      record: (name, value, at) =>
        `(gdb) p *${name}\n$${at + 1} = {\n  next = 0x5555${two(at)}a0,\n  owner = 0x7fff${two(at)} "${words.word()}",\n  size = ${value},\n  flags = ${at}\n}\n`,
      line: (value) => `size = ${value}`,
      parent: (name) => `p *${name}`,
      siblings: /^\(gdb\)/,
    }),
  "a session of psql": (words) =>
    records(words, 30, {
      name: "psql session",
      query: (_, name) => `How many rows has the table ${name}?`,
      record: (name, value, at) =>
        `shop=# select count(*), max(day) from ${name};\n count |    max     \n-------+------------\n  ${value} | 2026-03-${two((at % 28) + 1)}\n(1 row)\n\nTime: ${at + 2}.412 ms\n`,
      line: (value) => `${value} |`,
      parent: (name) => `from ${name};`,
      siblings: /^shop=#/,
    }),
  "a session of Python": (words) =>
    records(words, 36, {
      name: "session.txt",
      query: (_, name) => `What is the mean of the frame ${name}?`,
      before: 'Python 3.12.1 (main)\nType "help" for more information.\n',
      record: (name, value, at) =>
        `>>> describe(${name})\ncount     ${at + 90}.0\nmean      ${value}.5\nstd         ${at}.25\nmin         0.0\nmax      9999.0\nName: ${words.word()}, dtype: float64\n`,
      line: (value) => `mean ${value}.5`,
      parent: (name) => `describe(${name})`,
      siblings: /^>>>/,
    }),
  "files with conflicts": (words) =>
    records(words, 22, {
      name: "git diff",
      query: (value) => `In which file do two branches disagree about the limit ${value}?`,
      record: (name, value, at) =>
        `diff --cc src/${name}.ts\nindex 3f1${at},4a2${at}..0000000\n--- a/src/${name}.ts\n+++ b/src/${name}.ts\n@@@ -1,5 -1,5 +1,9 @@@\n  import { ${words.word()} } from "./a.ts";\n++<<<<<<< HEAD\n +export const limit = ${at};\n++=======\n+ export const limit = ${value};\n++>>>>>>> ${words.word()}\n`,
      line: (value) => `limit = ${value}`,
      parent: (name) => `src/${name}.ts`,
      siblings: /^diff --cc/,
    }),
  "findings of npm audit": (words) =>
    records(words, 26, {
      name: "npm audit",
      query: (value) => `Which package is affected by GHSA-${value}?`,
      before: "# npm audit report\n\n",
      record: (name, value, at) =>
        `${name}  <${at + 2}.0.0\nSeverity: high\n${capitalised(words.word())} allows prototype pollution - https://github.com/advisories/GHSA-${value}\nfix available via \`npm audit fix --force\`\nWill install ${words.word()}@${at}.0.0, which is a breaking change\nnode_modules/${name}\n  ${words.word()}  *\n  Depends on vulnerable versions of ${name}\n  node_modules/${words.word()}\n\n`,
      line: (value) => `GHSA-${value}`,
      parent: (name) => name,
      siblings: /^\w+ {2}</,
    }),
  "findings of Bandit": (words) =>
    nameBelow(
      records(words, 26, {
        name: "bandit -r",
        query: (value) => `Where is the hard-coded password pw${value}?`,
        before: "Run started:2026-03-02 10:00:00\n\nTest results:\n",
        record: (name, value, at) =>
          `>> Issue: [B105:hardcoded_password_string] Possible hardcoded password: 'pw${value}'\n   Severity: Low   Confidence: Medium\n   CWE: CWE-259\n   Location: ./shop/${name}.py:${at + 3}:11\n${at + 2}\t${words.word()} = 1\n${at + 3}\tpassword = settings()\n${at + 4}\t${words.word()}()\n\n--------------------------------------------------\n`,
        line: (value) => `'pw${value}'`,
        parent: (name) => `./shop/${name}.py`,
        siblings: /Location/,
      }),
    ),
  "checks of Checkov": (words) =>
    records(words, 26, {
      name: "checkov -d .",
      query: (value) => `Which resource fails in the file part_${value}.tf?`,
      record: (name, value, at) =>
        `Check: CKV_AWS_${at + 10}: "Ensure that ${words.word()} is encrypted"\n\tFAILED for resource: aws_s3_bucket.${name}\n\tFile: /part_${value}.tf:${at + 1}-${at + 4}\n\tGuide: https://docs.example/${words.word()}\n\n\t\t${at + 1} | resource "aws_s3_bucket" "b" {\n\t\t${at + 2} |   bucket = "${words.word()}"\n\t\t${at + 4} | }\n\n`,
      line: (value) => `part_${value}.tf`,
      parent: (name) => `aws_s3_bucket.${name}`,
      siblings: /FAILED for/,
    }),
  "trees of dependencies": (words) =>
    records(words, 26, {
      name: "mvn dependency:tree",
      query: (value) => `Which module depends on lib-${value}?`,
      record: (name, value, at) =>
        `[INFO] com.example:${name}:jar:1.${at}\n[INFO] +- org.${words.word()}:core:jar:2.${at}:compile\n[INFO] |  +- org.${words.word()}:base:jar:1.0:compile\n[INFO] |  \\- org.shop:lib-${value}:jar:3.1:runtime\n[INFO] \\- junit:junit:jar:4.13:test\n[INFO] \n`,
      line: (value) => `lib-${value}`,
      parent: (name) => `com.example:${name}:jar`,
      siblings: /com\.example/,
    }),
  "packages of pip show": (words) =>
    records(words, 30, {
      name: "pip show",
      query: (_, name) => `Which version of shop-${name} is installed?`,
      record: (name, value, at) =>
        `Name: shop-${name}\nVersion: 1.${value}\nSummary: ${words.sentence()}\nHome-page: https://${words.word()}.example\nAuthor: ${capitalised(words.word())}\nLicense: MIT\nLocation: /usr/lib/python3/site-packages\nRequires: ${words.word()}, ${words.word()}\nRequired-by: ${at % 2 ? words.word() : ""}\n---\n`,
      line: (value) => `Version: 1.${value}`,
      parent: (name) => `Name: shop-${name}`,
      siblings: /^Name:/,
    }),
  "runs of hyperfine": (words) =>
    records(words, 30, {
      name: "hyperfine",
      query: (_, name) => `What is the mean time of parse-${name}?`,
      record: (name, value, at) =>
        `Benchmark ${at + 1}: ./parse-${name} --all\n  Time (mean ± σ):     ${value}.4 ms ±  ${at}.1 ms    [User: 40.1 ms, System: 5.2 ms]\n  Range (min … max):   30.2 ms … 99.9 ms    ${at + 20} runs\n \n`,
      line: (value) => `${value}.4 ms`,
      parent: (name) => `parse-${name}`,
      siblings: /^Benchmark/,
    }),
  "counters of perf stat": (words) =>
    records(words, 18, {
      name: "perf stat",
      query: (_, name) => `How many page-faults has the run of ${name}?`,
      record: (name, value, at) =>
        `\n Performance counter stats for './bench ${name}':\n\n          1,2${two(at)}.50 msec task-clock                #    0.998 CPUs utilized\n                ${at}      context-switches          #    3.2 /sec\n            ${value}      page-faults               #  171.0 /sec\n     4,012,${two(at)}0,112      cycles                    #    3.2 GHz\n\n       1.25${two(at)} seconds time elapsed\n\n`,
      line: (value) => `${value} page-faults`,
      parent: (name) => `./bench ${name}'`,
      siblings: /counter stats for/,
    }),
  "intervals of pidstat": (words) =>
    records(words, 20, {
      name: "pidstat",
      query: (value) => `At what time did the process ${value} run?`,
      before: "Linux 6.1.0 (web)  03/02/2026  _x86_64_  (8 CPU)\n\n",
      record: (name, value, at) =>
        `10:00:${two(at)} AM   UID       PID    %usr %system  %guest   %CPU   CPU  Command\n10:00:${two(at)} AM     0      ${value}    1.00    0.00    0.00   1.00     ${at % 8}  ${name}\n10:00:${two(at)} AM  1000        ${at + 11}    0.00    1.00    0.00   1.00     1  ${words.word()}\n\n`,
      line: (value) => ` ${value} 1.00`,
      parent: (name) => name,
      siblings: /never/,
    }),
  "answers of dig": (words) =>
    records(words, 26, {
      name: "dig",
      query: (value) => `For which name is the serial 2026${value}?`,
      record: (name, value, at) =>
        `; <<>> DiG 9.18.24 <<>> SOA ${name}.example\n;; global options: +cmd\n;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: ${at + 900}\n\n;; ANSWER SECTION:\n${words.word()}.example.  3600  IN  SOA  ns1.example. admin.example. 2026${value} 7200 3600\n\n;; Query time: ${at} msec\n;; SERVER: 10.0.0.1#53(10.0.0.1)\n\n`,
      line: (value) => `2026${value}`,
      parent: (name) => `SOA ${name}.example`,
      siblings: /<<>> SOA/,
    }),
  "certificates of a store": (words) =>
    records(words, 22, {
      name: "keytool -list -v",
      query: (value) => `Which alias has the serial number 7f${value}?`,
      before: "Keystore type: PKCS12\nKeystore provider: SUN\n\nYour keystore contains 22 entries\n\n",
      record: (name, value, at) =>
        `Alias name: ${name}\nCreation date: Mar ${at + 1}, 2026\nEntry type: trustedCertEntry\n\nOwner: CN=${words.word()}.example, O=Shop\nIssuer: CN=Root ${at}\nSerial number: 7f${value}\nValid from: Mon Mar 02 10:00:00 CET 2026 until: Tue Mar 02 10:00:00 CET 2027\nCertificate fingerprints:\n\t SHA1: ${two(at)}:AB:CD\n\n*******************************************\n*******************************************\n\n`,
      line: (value) => `7f${value}`,
      parent: (name) => `Alias name: ${name}`,
      siblings: /^Alias name/,
    }),
  "items of kubectl get in YAML": (words) =>
    records(words, 16, {
      name: "kubectl get services",
      query: (value) => `Which service has the nodePort ${value}?`,
      before: "apiVersion: v1\nitems:\n",
      record: (name, value, at) =>
        `- apiVersion: v1\n  kind: Service\n  metadata:\n    creationTimestamp: "2026-03-02T10:00:${two(at)}Z"\n    labels:\n      owner: ${words.word()}\n      stage: ${words.word()}\n    name: ${name}\n    namespace: shop\n    resourceVersion: "${at + 77}"\n    uid: 7a${at}\n  spec:\n    clusterIP: 10.96.0.${at}\n    ipFamilies:\n    - IPv4\n    ports:\n    - name: http\n      nodePort: ${value}\n      port: 80\n      protocol: TCP\n      targetPort: 8080\n    selector:\n      app: ${words.word()}\n    sessionAffinity: None\n    type: NodePort\n  status:\n    loadBalancer: {}\n`,
      after: 'kind: List\nmetadata:\n  resourceVersion: ""\n',
      line: (value) => `nodePort: ${value}`,
      parent: (name) => `name: ${name}`,
      siblings: /^- apiVersion/,
    }),
  "record sets of a hosted zone": (words) =>
    records(words, 30, {
      name: "aws route53 list-resource-record-sets",
      query: (value) => `Which name has the TTL ${value}?`,
      before: '{\n    "ResourceRecordSets": [\n',
      record: (name, value, at) =>
        `        {\n            "Name": "${name}.shop.example.",\n            "Type": "A",\n            "TTL": ${value},\n            "ResourceRecords": [\n                {\n                    "Value": "192.0.2.${at}"\n                }\n            ]\n        }${at === 29 ? "" : ","}\n`,
      after: "    ]\n}\n",
      line: (value) => String(value),
      parent: (name) => `${name}.shop.example.`,
      siblings: /never/,
    }),
  "findings of PHPStan": (words) =>
    records(words, 24, {
      name: "phpstan analyse",
      query: (value) => `Which class calls the undefined method part${value}()?`,
      record: (name, value, at) =>
        ` ------ ----------------------------------------------------------- \n  Line   src/${capitalised(name)}.php                                \n ------ ----------------------------------------------------------- \n  ${at + 10}     Call to an undefined method Shop\\${capitalised(words.word())}::part${value}().  \n         🪪  method.notFound                                          \n  ${at + 30}     Property $${words.word()} has no type specified.               \n ------ ----------------------------------------------------------- \n\n`,
      line: (value) => `part${value}()`,
      parent: (name) => `src/${capitalised(name)}.php`,
      siblings: /Line +src/,
    }),
};
