// What tools list: objects, plans, packages, findings, metrics and files, each line under what it belongs to.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { records } from "./records.ts";
import { times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

export const listingCases: Readonly<Record<string, Make>> = {
  "kubectl get -A": (words) => {
    const spaces = ["shop", "billing", "search", "auth"];
    const names = words.words(30);
    const rows = times(120, (at) => {
      const [space = "", name = ""] = [spaces[at % 4], names[Math.floor(at / 4)]];
      return `${space.padEnd(12)}${`${name}-0`.padEnd(16)}1/1     Running   ${String(at * 3).padEnd(10)}${at + 5}d`;
    });
    const chosen = words.below(120);
    return {
      query: `How often has ${names[Math.floor(chosen / 4)]}-0 in the namespace ${spaces[chosen % 4]} restarted?`,
      name: "kubectl",
      text: `NAMESPACE   NAME            READY   STATUS    RESTARTS  AGE\n${rows.join("\n")}\n`,
      gold: { all: ["NAMESPACE   NAME", rows[chosen] as string] },
    };
  },
  "plan of a query": (words) =>
    records(words, 40, {
      name: "EXPLAIN (ANALYZE)",
      query: (value) => `Which table's scan removed ${value} rows by its filter?`,
      before: "Append  (cost=0.00..9000.10 rows=900 width=8) (actual time=0.010..90.120 rows=900 loops=1)\n",
      record: (name, value, at) =>
        `  ->  Hash Join  (cost=${at}.00..${at + 90}.10 rows=90 width=8) (actual time=0.0${at}..${at}.120 rows=90 loops=1)\n        Hash Cond: (${name}.id = ${words.word()}.id)\n        ->  Seq Scan on ${name}  (cost=0.00..${at + 40}.10 rows=40 width=8) (actual time=0.010..${at}.020 rows=40 loops=1)\n              Filter: (price > ${at})\n              Rows Removed by Filter: ${value}\n        ->  Hash  (cost=1.00..2.00 rows=1 width=8) (actual time=0.010..0.020 rows=1 loops=1)\n              Buckets: 1024  Memory Usage: ${at}kB\n`,
      after: "Planning Time: 0.210 ms\nExecution Time: 91.002 ms\n",
      line: (value) => `Rows Removed by Filter: ${value}`,
      parent: (name) => `Seq Scan on ${name}`,
      siblings: /Seq Scan on/,
    }),
  "modules of a Maven reactor": (words) =>
    records(words, 30, {
      name: "mvn verify",
      query: (value) => `In which module were ${value} classes compiled?`,
      record: (name, value, at) =>
        `[INFO] -----------------------< shop:${name}-core >-----------------------\n[INFO] Building ${name}-core 1.0 [${at + 1}/30]\n[INFO] --------------------------------[ jar ]--------------------------------\n[INFO] \n[INFO] --- resources:3.3.1:resources (default-resources) @ ${name}-core ---\n[INFO] Copying ${words.below(90)} resources from src/main/resources\n[INFO] --- compiler:3.11.0:compile (default-compile) @ ${name}-core ---\n[INFO] Compiling ${value} source files with javac\n[INFO] \n`,
      line: (value) => `Compiling ${value} source files`,
      parent: (name) => `${name}-core`,
      siblings: /Building \w+-core|@ \w+-core/,
    }),
  "findings of ESLint": (words) =>
    records(words, 30, {
      name: "eslint .",
      query: (value) => `In which file is 'total${value}' defined but never used?`,
      record: (name, value) =>
        `/srv/shop/src/${name}.ts\n  ${words.below(90)}:7   error    'total${value}' is defined but never used  no-unused-vars\n  ${words.below(90)}:12  warning  Unexpected console statement              no-console\n  ${words.below(90)}:1   error    '${words.word()}' is not defined                   no-undef\n\n`,
      after: "✖ 90 problems (60 errors, 30 warnings)\n",
      line: (value) => `'total${value}' is defined but never used`,
      parent: (name) => `/src/${name}.ts`,
      siblings: /^\/srv/,
    }),
  "errors of tsc --pretty": (words) => {
    const names = words.words(30);
    const chosen = words.below(30);
    const block = (name: string, at: number) =>
      `src/${name}.ts:${at + 3}:7 - error TS2322: Type 'string' is not assignable to type 'number'.\n\n${at + 3}   const ${name}Total: number = price${700 + at};\n        ~~~~~~~~~~\n\n`;
    return {
      query: `In which file does the assignment of price${700 + chosen} fail?`,
      name: "tsc",
      text: `${names.map(block).join("")}Found 30 errors in 30 files.\n`,
      gold: {
        all: [
          `src/${names[chosen]}.ts:${chosen + 3}:7 - error TS2322`,
          `const ${names[chosen]}Total: number = price${700 + chosen};`,
        ],
      },
    };
  },
  "errors of included headers": (words) => {
    const names = words.words(30);
    const chosen = words.below(30);
    const block = (name: string, at: number) =>
      `In file included from src/${name}.c:3:\ninclude/${name}.h:${at + 11}:9: error: unknown type name 'size${700 + at}'\n   ${at + 11} |         size${700 + at} count;\n      |         ^~~~~~~\ninclude/${name}.h:${at + 11}:9: note: did you mean 'size_t'?\nmake: Compiling ${words.word()}.c\nmake: Compiling ${words.word()}.c\n`;
    const own = names[chosen] as string;
    return {
      query: `Which source file includes the header where 'size${700 + chosen}' is unknown?`,
      name: "make",
      text: names.map(block).join(""),
      gold: {
        all: [
          `In file included from src/${own}.c:3:`,
          `include/${own}.h:${chosen + 11}:9: error: unknown type name 'size${700 + chosen}'`,
          `note: did you mean 'size_t'?`,
        ],
      },
    };
  },
  "CSV with quoted line breaks": (words) =>
    records(words, 40, {
      name: "export.csv",
      query: (value) => `Which customer has the remark about pallet ${value}?`,
      before: "Customer;City;Remark;Sum\n",
      record: (name, value, at) =>
        `${name};City ${at};"First line; ${words.word()}\nPallet ${value} is ""late""\n${words.sentence()}";${at},50\n`,
      line: (value) => `Pallet ${value} is`,
      parent: (name) => `${name};City`,
      siblings: /;City \d/,
    }),
  "admonitions of AsciiDoc": (words) =>
    records(words, 20, {
      name: "guide.adoc",
      query: (value) => `For which part must the voltage stay below ${value}?`,
      before: "= Guide\n\n",
      record: (name, value) =>
        `== The ${name}\n\n${words.paragraph(3)}\n\n[WARNING]\n====\nThe voltage must stay below ${value} V.\n====\n\nNOTE: ${words.sentence()}\n\n`,
      line: (value) => `below ${value} V`,
      parent: (name) => `The ${name}`,
      siblings: /^== /,
    }),
  "admonitions of reStructuredText": (words) =>
    records(words, 20, {
      name: "guide.rst",
      query: (value) => `For which part must the voltage stay below ${value}?`,
      before: "=====\nGuide\n=====\n\n",
      record: (name, value) =>
        `The ${name}\n${"-".repeat(name.length + 4)}\n\n${words.paragraph(3)}\n\n.. warning::\n\n   The voltage must stay below ${value} V.\n\n.. code-block:: sh\n\n   set ${words.word()}\n\n`,
      line: (value) => `below ${value} V`,
      parent: (name) => `The ${name}`,
      siblings: /^The \w+$/,
    }),
  "cells over several rows": (words) => {
    const rooms = words.words(24);
    const chosen = words.below(24);
    const slot = words.below(3);
    return {
      query: `In which room does group ${300 + chosen * 3 + slot} meet?`,
      name: "rooms.html",
      text: `<!doctype html>\n<html><body><h1>Rooms</h1><p>${words.paragraph(9)}</p>\n<table><tr><th>Room</th><th>Hour</th><th>Group</th></tr>\n${rooms
        .map((room, at) =>
          times(
            3,
            (own) =>
              `<tr>${own === 0 ? `<td rowspan="3">Room ${room}</td>` : ""}<td>${own + 9} h</td><td>group ${300 + at * 3 + own}</td></tr>`,
          ).join("\n"),
        )
        .join("\n")}\n</table><p>${words.paragraph(9)}</p></body></html>\n`,
      gold: { line: `group ${300 + chosen * 3 + slot}`, parent: `Room ${rooms[chosen]}`, siblings: /Room \w+ \|/ },
    };
  },
  "poetry.lock": (words) =>
    records(words, 40, {
      name: "poetry.lock",
      query: (value) => `Which package needs urllib3 in version 2.${value}?`,
      record: (name, value) =>
        `[[package]]\nname = "${name}-sdk"\nversion = "1.${words.below(90)}"\ndescription = "The ${words.word()}"\noptional = false\npython-versions = ">=3.8"\nfiles = [\n    {file = "${name}.whl", hash = "sha256:${(value * 7919).toString(16)}"},\n]\n\n[package.dependencies]\nurllib3 = "2.${value}"\n\n`,
      line: (value) => `urllib3 = "2.${value}"`,
      parent: (name) => `${name}-sdk`,
      siblings: /^name = |^\[\[package/,
    }),
  "package-lock.json": (words) =>
    records(words, 50, {
      name: "package-lock.json",
      query: (value) => `Which package is resolved to version 3.${value}.0?`,
      before: '{\n  "name": "shop",\n  "lockfileVersion": 3,\n  "packages": {\n',
      record: (name, value) =>
        `    "node_modules/${name}-kit": {\n      "version": "3.${value}.0",\n      "resolved": "https://registry.example/${value}.tgz",\n      "integrity": "sha512-${(value * 7919).toString(36)}",\n      "dependencies": { "${words.word()}": "^1.0.0" }\n    },\n`,
      after: '    "node_modules/end": { "version": "1.0.0" }\n  }\n}\n',
      line: (value) => `3.${value}.0`,
      parent: (name) => `${name}-kit`,
      siblings: /-kit"/,
    }),
  "services of docker compose": (words) =>
    records(words, 30, {
      name: "compose.yaml",
      query: (value) => `Which service publishes port ${value}?`,
      before: "services:\n",
      record: (name, value) =>
        `  ${name}:\n    image: registry.example/${words.word()}:1\n    environment:\n      MODE: ${words.word()}\n    ports:\n      - "${value}:80"\n    depends_on:\n      - ${words.word()}\n`,
      line: (value) => `"${value}:80"`,
      parent: (name) => `${name}:`,
      siblings: /^ {2}\w+:$/,
    }),
  "locations of nginx": (words) =>
    records(words, 30, {
      name: "nginx.conf",
      query: (value) => `Which server passes /api to port ${value}?`,
      before: "events {\n}\nhttp {\n",
      record: (name, value) =>
        `    server {\n        listen 80;\n        server_name ${name}.example;\n        location / {\n            root /srv/${words.word()};\n        }\n        location /api {\n            proxy_pass http://127.0.0.1:${value};\n        }\n    }\n`,
      after: "}\n",
      line: (value) => `127.0.0.1:${value}`,
      parent: (name) => `${name}.example`,
      siblings: /server_name|server \{/,
    }),
  "Prometheus metrics": (words) =>
    records(words, 30, {
      name: "metrics",
      query: (_, name) => `What is the total of ${name} for code 500?`,
      record: (name, value) =>
        `# HELP ${name}_total The ${words.word()} of the ${words.word()}.\n# TYPE ${name}_total counter\n${name}_total{code="200",method="get"} ${words.below(90000)}\n${name}_total{code="500",method="get"} ${value}\n`,
      line: (value) => `method="get"} ${value}`,
      parent: (name) => `${name}_total{code="500"`,
      siblings: /never/,
    }),
  "processes of ps": (words) =>
    records(words, 100, {
      name: "ps aux",
      query: (value) => `Which command has the process number ${value}?`,
      before: "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n",
      record: (name, value, at) =>
        `root        ${value}  0.${at % 10}  0.1  ${22000 + at}  ${900 + at} ?        Ss   May14   0:0${at % 10} /usr/sbin/${name} --id ${at}\n`,
      line: (value) => `root        ${value}`,
      parent: (name) => `/usr/sbin/${name}`,
      siblings: /never/,
    }),
  "file systems of df": (words) =>
    records(words, 90, {
      name: "df -h",
      query: (_, name) => `How much space is available on /mnt/${name}?`,
      before: "Filesystem      Size  Used Avail Use% Mounted on\n",
      record: (name, value, at) => `/dev/sd${at}        90G  ${String(at).padStart(3)}G  ${value}M  ${at}% /mnt/${name}\n`,
      line: (value) => `${value}M`,
      parent: (name) => `/mnt/${name}`,
      siblings: /never/,
    }),
  "ls -lR": (words) =>
    records(words, 40, {
      name: "ls -lR",
      query: (value) => `In which folder is the file of ${value} bytes?`,
      record: (name, value, at) =>
        `./src/${name}:\ntotal ${at}\n-rw-r--r-- 1 shop shop  ${100 + at} May 14 10:00 index.ts\n-rw-r--r-- 1 shop shop ${value} May 14 10:00 cache.bin\n-rw-r--r-- 1 shop shop  ${300 + at} May 14 10:00 ${words.word()}.json\n\n`,
      line: (value) => `shop ${value} May`,
      parent: (name) => `./src/${name}:`,
      siblings: /^\.\/src/,
    }),
};
