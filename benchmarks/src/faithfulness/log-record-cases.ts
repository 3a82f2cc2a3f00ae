// Logs whose events have several lines or many fields.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import type { Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const logRecordCases: Readonly<Record<string, Make>> = {
  "requests of Rails": (words) =>
    records(words, 26, {
      name: "production.log",
      query: (value) => `Which path took ${value}ms?`,
      record: (name, value, at) =>
        `Started GET "/${name}/new" for 10.0.0.${at} at 2026-03-02 10:00:${two(at)} +0100\nProcessing by ShopController#new as HTML\n  Parameters: {"id"=>"${words.word()}"}\n  Order Load (0.${at}ms)  SELECT "orders".* FROM "orders" LIMIT 1\n  Rendered shop/new.html.erb within layouts/application (Duration: 4.${at}ms)\nCompleted 200 OK in ${value}ms (Views: 1.${at}ms | ActiveRecord: 0.${at}ms)\n\n\n`,
      line: (value) => `in ${value}ms`,
      parent: (name) => `"/${name}/new"`,
      siblings: /^Started GET/,
    }),
  "events of pino-pretty": (words) =>
    records(words, 30, {
      name: "app.log",
      query: (_, name) => `What was the responseTime of the request for ${name}?`,
      record: (name, value, at) =>
        `[10:00:${two(at)}.123] INFO (77): request completed for ${name}\n    req: {\n      "id": ${at},\n      "method": "GET",\n      "host": "${words.word()}"\n    }\n    res: {\n      "statusCode": 200\n    }\n    responseTime: ${value}\n`,
      line: (value) => `responseTime: ${value}`,
      parent: (name) => `request completed for ${name}`,
      siblings: /request completed/,
    }),
  "events of the Windows log": (words) =>
    records(words, 22, {
      name: "events.txt",
      query: (value) => `Which account has the Logon ID 0x${value}?`,
      record: (name, value, at) =>
        `Log Name:      Security\nSource:        Microsoft-Windows-Security-Auditing\nDate:          3/2/2026 10:00:${two(at)} AM\nEvent ID:      4624\nTask Category: Logon\nLevel:         Information\nComputer:      ${words.word()}.example\nDescription:\nAn account was successfully logged on.\n\nNew Logon:\n\tSecurity ID:\t\tS-1-5-${at}\n\tAccount Name:\t\t${name}\n\tAccount Domain:\t\tSHOP\n\tLogon ID:\t\t0x${value}\n\nProcess Information:\n\tProcess ID:\t\t0x${at}\n\n`,
      line: (value) => `0x${value}`,
      parent: (name) => `Account Name: ${name}`,
      siblings: /Account Name/,
    }),
  "GELF messages": (words) =>
    records(words, 60, {
      name: "gelf.log",
      query: (value) => `Which host sent the code ${value}?`,
      record: (name, value, at) =>
        `{"version":"1.1","host":"${name}.example","short_message":"${words.sentence()}","timestamp":17724${at}.1,"level":6,"_facility":"shop","_code":${value}}\n`,
      line: (value) => `${value}`,
      parent: (name) => `${name}.example`,
      siblings: /never/,
    }),
  "logfmt lines": (words) =>
    records(words, 80, {
      name: "app.log",
      query: (value) => `Which user got the order ${value}?`,
      record: (name, value, at) =>
        `ts=2026-03-02T10:${two(at % 60)}:00.000Z level=info caller=orders.go:${at + 10} msg="order placed" user=${name} order=${value} took=${at}ms shop=${words.word()}\n`,
      line: (value) => `${value}`,
      parent: (name) => name,
      siblings: /never/,
    }),
  "statements of the PostgreSQL log": (words) =>
    records(words, 24, {
      name: "postgresql.log",
      query: (value) => `Which table was locked with the parameter ${value}?`,
      record: (name, value, at) =>
        `2026-03-02 10:00:${two(at)}.412 CET [${at + 900}] app@shop ERROR:  deadlock detected\n2026-03-02 10:00:${two(at)}.412 CET [${at + 900}] app@shop DETAIL:  Process ${at} waits for ShareLock.\n\tProcess ${at + 1}: update ${words.word()} set total = 1\n2026-03-02 10:00:${two(at)}.412 CET [${at + 900}] app@shop CONTEXT:  while updating tuple in relation "${name}"\n2026-03-02 10:00:${two(at)}.412 CET [${at + 900}] app@shop STATEMENT:  update orders\n\tset total = $1\n\t-- parameters: $1 = '${value}'\n`,
      line: (value) => `'${value}'`,
      parent: (name) => `relation "${name}"`,
      siblings: /relation "/,
    }),
  "structured syslog": (words) =>
    records(words, 60, {
      name: "rfc5424.log",
      query: (value) => `Which host reported event ${value}?`,
      record: (name, value, at) =>
        `<165>1 2026-03-02T10:${two(at)}:00.003Z ${name}.example evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="${words.word()}" eventID="${value}"] ${words.sentence()}\n`,
      line: (value) => `${value}`,
      parent: (name) => `${name}.example`,
      siblings: /never/,
    }),
  "collections of a garbage collector": (words) =>
    records(words, 20, {
      name: "gc.log",
      query: (value) => `Which collection left ${value}M of old regions?`,
      record: (name, value, at) =>
        `[${at}.120s][info][gc,start    ] GC(${at}) Pause Young (${name} Evacuation)\n[${at}.121s][info][gc,task     ] GC(${at}) Using 4 workers of 4 for evacuation\n[${at}.125s][info][gc,phases   ] GC(${at})   Evacuate Collection Set: 3.${at}ms\n[${at}.125s][info][gc,heap     ] GC(${at}) Eden regions: ${at + 20}->0(${at + 30})\n[${at}.125s][info][gc,heap     ] GC(${at}) Old regions: ${value}M->${value}M\n[${at}.126s][info][gc          ] GC(${at}) Pause Young (Normal) 24M->10M(64M) 4.${at}ms\n`,
      line: (value) => `${value}M->`,
      parent: (name) => `(${name} Evacuation)`,
      siblings: /gc,start/,
    }),
  "groups of an Actions log": (words) =>
    records(words, 24, {
      name: "job.log",
      query: (value) => `Which step printed the key cache-${value}?`,
      record: (name, value, at) =>
        `2026-03-02T10:00:${two(at)}.0000000Z ##[group]Run ${name}/setup@v4\n2026-03-02T10:00:${two(at)}.0010000Z with:\n2026-03-02T10:00:${two(at)}.0020000Z   token: ***\n2026-03-02T10:00:${two(at)}.0030000Z   path: ${words.word()}\n2026-03-02T10:00:${two(at)}.0040000Z ##[endgroup]\n2026-03-02T10:00:${two(at)}.0050000Z Cache restored from key: cache-${value}\n2026-03-02T10:00:${two(at)}.0060000Z Cache Size: ~${at} MB\n`,
      line: (value) => `cache-${value}`,
      parent: (name) => `Run ${name}/setup`,
      siblings: /##\[group\]Run/,
    }),
  "conversations of an SMTP server": (words) =>
    records(words, 24, {
      name: "smtp.log",
      query: (value) => `Which sender had the queue id Q${value}?`,
      record: (name, value, at) =>
        `>>> connect from ${words.word()}.example [192.0.2.${at}]\n<<< 220 mx.example ESMTP\n>>> EHLO client\n<<< 250-mx.example\n<<< 250 SIZE 1000${at}\n>>> MAIL FROM:<${name}@example.com>\n<<< 250 2.1.0 Ok\n>>> RCPT TO:<${words.word()}@example.com>\n<<< 250 2.1.5 Ok\n>>> DATA\n<<< 250 2.0.0 Ok: queued as Q${value}\n>>> QUIT\n`,
      line: (value) => `Q${value}`,
      parent: (name) => `<${name}@example.com>`,
      siblings: /MAIL FROM/,
    }),
  "jobs of a batch system": (words) =>
    records(words, 22, {
      name: "scontrol show job",
      query: (_, name) => `What is the ExitCode of the job ${name}_run?`,
      record: (name, value, at) =>
        `JobId=${at + 70} JobName=${name}_run\n   UserId=${words.word()}(100${at}) GroupId=users(100) MCS_label=N/A\n   Priority=42${at} Nice=0 Account=shop QOS=normal\n   JobState=FAILED Reason=NonZeroExitCode Dependency=(null)\n   Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=${value}:0\n   RunTime=00:0${at % 10}:12 TimeLimit=01:00:00 TimeMin=N/A\n   StdErr=/home/${words.word()}/err.log\n\n`,
      line: (value) => `ExitCode=${value}:0`,
      parent: (name) => `JobName=${name}_run`,
      siblings: /^JobId/,
    }),
  "spans of a trace": (words) =>
    records(words, 26, {
      name: "otel-collector debug exporter",
      query: (value) => `Which span has the attribute http.port ${value}?`,
      before:
        "2026-03-02T10:00:00.000Z\tinfo\tResourceSpans #0\nResource SchemaURL: \nResource attributes:\n     -> service.name: Str(shop)\n",
      record: (name, value, at) =>
        `Span #${at}\n    Trace ID       : 5b8a${at}\n    Parent ID      : \n    ID             : 7c${at}\n    Name           : GET /${name}\n    Kind           : Server\n    Start time     : 2026-03-02 10:00:${two(at)} +0000 UTC\n    Status code    : Unset\nAttributes:\n     -> http.method: Str(GET)\n     -> http.port: Int(${value})\n     -> http.host: Str(${words.word()})\n`,
      line: (value) => `Int(${value})`,
      parent: (name) => `GET /${name}`,
      siblings: /Name +:/,
    }),
  "dead letters of a queue": (words) =>
    nameBelow(
      records(words, 26, {
        name: "dead-letters.txt",
        query: (value) => `Which queue rejected message ${value}?`,
        record: (name, value, at) =>
          `message ${value}\n  received   2026-03-02 10:00:${two(at)}\n  attempts   ${at + 1}\n  reason     rejected (${words.word()})\n  payload    {"owner":"${words.word()}","n":${at}}\n  queue      ${name}.orders\n\n`,
        line: (value) => `message ${value}`,
        parent: (name) => `${name}.orders`,
        siblings: /queue /,
      }),
    ),
  "checks of a monitoring host": (words) =>
    records(words, 30, {
      name: "icinga status.dat",
      query: (value) => `Which host has a last_check of 17${value}?`,
      record: (name, value, at) =>
        `hoststatus {\n\thost_name=${name}\n\tcheck_command=${words.word()}\n\tcurrent_state=0\n\tplugin_output=PING OK - Packet loss = 0%, RTA = 0.${at} ms\n\tlast_check=17${value}\n\tis_flapping=0\n\t}\n\n`,
      line: (value) => `last_check=17${value}`,
      parent: (name) => `host_name=${name}`,
      siblings: /host_name/,
    }),
  "audit events of an API server": (words) =>
    records(words, 20, {
      name: "audit.yaml",
      query: (value) => `Which user deleted the pod web-${value}?`,
      record: (name, value, at) =>
        `---\nkind: Event\nauditID: ab${at}\nstage: ResponseComplete\nverb: delete\nuser:\n  username: ${name}@example.com\n  groups:\n  - system:authenticated\nsourceIPs:\n- 10.0.0.${at}\nobjectRef:\n  resource: pods\n  namespace: ${words.word()}\n  name: web-${value}\nresponseStatus:\n  code: 200\n`,
      line: (value) => `web-${value}`,
      parent: (name) => `username: ${name}@`,
      siblings: /username:/,
    }),
  "deployments in a release log": (words) =>
    records(words, 30, {
      name: "deploy.log",
      query: (value) => `Which service was deployed as build ${value}?`,
      record: (name, value, at) =>
        `>> Deploying ${name}\n   pulling image ... done\n   running migrations ... ${at} applied\n   starting build ${value} ... done\n   checking ${words.word()} ... ok\n<< finished in ${at}s\n`,
      line: (value) => `build ${value}`,
      parent: (name) => `Deploying ${name}`,
      siblings: /Deploying/,
    }),
};
