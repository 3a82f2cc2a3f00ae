// What offices, shops and communities keep as text: registers, statements, scripts, threads and release notes.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { records } from "./records.ts";
import { capitalised, times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

export const registerCases: Readonly<Record<string, Make>> = {
  "events of a calendar": (words) =>
    records(words, 30, {
      name: "team.ics",
      query: (value) => `Which event is in room ${value}?`,
      before: "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
      record: (name, value, at) =>
        `BEGIN:VEVENT\r\nUID:${at}@example\r\nDTSTART:202603${String((at % 28) + 1).padStart(2, "0")}T100000Z\r\nSUMMARY:Talk on the ${name}\r\nDESCRIPTION:${words.sentence()}\r\nLOCATION:Room ${value}\r\nEND:VEVENT\r\n`,
      after: "END:VCALENDAR\r\n",
      line: (value) => `LOCATION:Room ${value}`,
      parent: (name) => `Talk on the ${name}`,
      siblings: /^SUMMARY/,
    }),
  "cards of contacts": (words) =>
    records(words, 36, {
      name: "contacts.vcf",
      query: (value) => `Whose number ends in ${value}?`,
      record: (name, value) =>
        `BEGIN:VCARD\nVERSION:4.0\nFN:${capitalised(name)} Example\nORG:${words.word()}\nTEL;TYPE=cell:+49-30-${value}\nEMAIL:${words.word()}@example\nEND:VCARD\n`,
      line: (value) => `+49-30-${value}`,
      parent: (name) => `FN:${capitalised(name)} Example`,
      siblings: /^FN:/,
    }),
  "entries of LDIF": (words) =>
    records(words, 36, {
      name: "people.ldif",
      query: (value) => `Whose uidNumber is ${value}?`,
      record: (name, value) =>
        `dn: uid=${name},ou=people,dc=example\nobjectClass: inetOrgPerson\nobjectClass: posixAccount\nsn: ${words.word()}\nuidNumber: ${value}\ngidNumber: 100\nmail: ${words.word()}@example\n\n`,
      line: (value) => `uidNumber: ${value}`,
      parent: (name) => `uid=${name},`,
      siblings: /^dn: /,
    }),
  "stanzas of packages": (words) =>
    records(words, 36, {
      name: "/var/lib/dpkg/status",
      query: (value) => `Which package has an installed size of ${value}?`,
      record: (name, value) =>
        `Package: lib${name}1\nStatus: install ok installed\nPriority: optional\nInstalled-Size: ${value}\nMaintainer: ${capitalised(words.word())} <${words.word()}@example>\nDepends: libc6 (>= 2.34), lib${words.word()}2\nDescription: ${words.sentence()}\n ${words.sentence()}\n .\n ${words.sentence()}\n\n`,
      line: (value) => `Installed-Size: ${value}`,
      parent: (name) => `Package: lib${name}1`,
      siblings: /^Package: /,
    }),
  "entries of a Debian changelog": (words) =>
    records(words, 30, {
      name: "debian/changelog",
      query: (value) => `Which version closes bug ${value}?`,
      record: (name, value, at) =>
        `shop (1.${90 - at}-1~${name}) unstable; urgency=medium\n\n  * ${words.sentence()}\n  * Fix the ${words.word()}. (Closes: #${value})\n  * ${words.sentence()}\n\n -- ${capitalised(words.word())} <a@example>  Mon, 02 Mar 2026 10:00:00 +0000\n\n`,
      line: (value) => `#${value}`,
      parent: (name) => `~${name})`,
      siblings: /^shop \(/,
    }),
  "zones of BIND": (words) =>
    records(words, 24, {
      name: "db.zones",
      query: (value) => `In which zone is the mail exchanger mx${value}?`,
      record: (name, value) =>
        `$ORIGIN ${name}.example.\n@    3600 IN SOA ns1.example. admin.example. (2026030201 7200 3600 1209600 3600)\n     3600 IN NS  ns1.example.\n     3600 IN MX  10 mx${value}.example.\nwww  300  IN A   10.0.0.${words.below(250)}\nftp  300  IN A   10.0.1.${words.below(250)}\n\n`,
      line: (value) => `mx${value}.example.`,
      parent: (name) => `$ORIGIN ${name}.example.`,
      siblings: /^\$ORIGIN/,
    }),
  "backends of HAProxy": (words) =>
    records(words, 30, {
      name: "haproxy.cfg",
      query: (value) => `Which backend has a server on port ${value}?`,
      before: "global\n    maxconn 4096\n\ndefaults\n    mode http\n\n",
      record: (name, value) =>
        `backend ${name}\n    balance roundrobin\n    option httpchk GET /healthz\n    server ${words.word()} 10.0.0.${words.below(250)}:${value} check\n    server ${words.word()} 10.0.0.${words.below(250)}:80 backup\n\n`,
      line: (value) => `:${value} check`,
      parent: (name) => `backend ${name}`,
      siblings: /^backend /,
    }),
  "hosts of Apache": (words) =>
    records(words, 24, {
      name: "sites.conf",
      query: (value) => `Which site has a timeout of ${value}?`,
      record: (name, value) =>
        `<VirtualHost *:443>\n    ServerName ${name}.example\n    DocumentRoot /srv/${words.word()}\n    <Directory /srv>\n        Require all granted\n    </Directory>\n    ProxyTimeout ${value}\n</VirtualHost>\n\n`,
      line: (value) => `ProxyTimeout ${value}`,
      parent: (name) => `ServerName ${name}.example`,
      siblings: /ServerName/,
    }),
  "keys of a registry": (words) =>
    records(words, 36, {
      name: "export.reg",
      query: (value) => `Under which key is the port ${value}?`,
      before: "Windows Registry Editor Version 5.00\r\n\r\n",
      record: (name, value) =>
        `[HKEY_LOCAL_MACHINE\\SOFTWARE\\Shop\\${name}]\r\n"Enabled"=dword:00000001\r\n"Port"="${value}"\r\n"Path"="C:\\\\${words.word()}"\r\n\r\n`,
      line: (value) => `"Port"="${value}"`,
      parent: (name) => `Shop\\${name}]`,
      siblings: /^\[HKEY/,
    }),
  "lines of crontab": (words) =>
    records(words, 48, {
      name: "crontab",
      query: (value) => `What is the job with --limit ${value} for?`,
      before: "SHELL=/bin/sh\nPATH=/usr/bin\n\n",
      record: (name, value, at) =>
        `# ${capitalised(name)}: ${words.sentence()}\n${at} 3 * * * /usr/bin/run --limit ${value} ${words.word()}\n\n`,
      line: (value) => `--limit ${value}`,
      parent: (name) => `# ${capitalised(name)}:`,
      siblings: /^# /,
    }),
  "paragraphs of a statute": (words) =>
    records(words, 24, {
      name: "Harbour Act",
      query: (value) => `Which section sets a fine of ${value} euros?`,
      before: "HARBOUR ACT\n\nCHAPTER I\nGENERAL\n\n",
      record: (name, value, at) =>
        `Section ${at + 1}. ${capitalised(name)}\n\n(1) ${words.sentence()}\n(2) Whoever moves the ${words.word()}\n    (a) without leave, or\n    (b) at night\nis liable to a fine of ${value} euros.\n(3) ${words.sentence()}\n\n`,
      line: (value) => `fine of ${value} euros`,
      parent: (name) => `. ${capitalised(name)}`,
      siblings: /^Section \d/,
    }),
  "scenes of a play": (words) => {
    const speakers = ["ANNA", "BORIS", "CLARA"];
    const chosen = words.below(72);
    const scene = (at: number) =>
      `SCENE ${at + 1}. The ${words.word()}.\n\n${speakers.map((speaker, own) => `${speaker}\n${at * 3 + own === chosen ? `I counted ${900 + chosen} gulls.` : words.sentence()}\n${words.sentence()}\n`).join("\n")}\n`;
    return {
      query: `Who counted ${900 + chosen} gulls?`,
      name: "play.txt",
      text: times(24, scene).join("\n"),
      gold: {
        line: `I counted ${900 + chosen} gulls.`,
        parent: speakers[chosen % 3] as string,
        siblings: /^(?:ANNA|BORIS|CLARA)$/,
      },
    };
  },
  "an interview": (words) =>
    records(words, 36, {
      name: "interview.txt",
      query: (value) => `What was the question to which the answer was ${value} tons?`,
      record: (name, value) =>
        `Q: What did the ${name} carry?\nA: ${words.sentence()} It was ${value} tons, as far as I know.\n\n`,
      line: (value) => `${value} tons`,
      parent: (name) => `What did the ${name} carry?`,
      siblings: /^Q: /,
    }),
  "captions with voices": (words) =>
    records(words, 48, {
      name: "meeting.vtt",
      query: (value) => `Who asked for ${value} crates?`,
      before: "WEBVTT\n\n",
      record: (name, value, at) =>
        `00:${String(at).padStart(2, "0")}:01.000 --> 00:${String(at).padStart(2, "0")}:09.000\n<v ${capitalised(name)} Example>We need ${value} crates for the ${words.word()}.</v>\n\n`,
      line: (value) => `${value} crates`,
      parent: (name) => `${capitalised(name)} Example`,
      siblings: /<v |^\w+ Example/,
    }),
  "answers of a forum": (words) =>
    records(words, 24, {
      name: "thread.md",
      query: (value) => `Who says that the limit is ${value}?`,
      before: "# How large may a crate be?\n\n",
      record: (name, value) =>
        `### Answer by ${name} (score ${words.below(90)})\n\n${words.paragraph(1)}\n\nThe limit is ${value}, see the manual.\n\n> ${words.sentence()}\n\n**Comments**\n\n- ${words.sentence()} – *${words.word()}*\n\n`,
      line: (value) => `The limit is ${value}`,
      parent: (name) => `Answer by ${name}`,
      siblings: /^### Answer/,
    }),
  "comments of a ticket": (words) =>
    records(words, 30, {
      name: "SHOP-12",
      query: (value) => `Who measured ${value} milliseconds?`,
      before: "SHOP-12 Orders are slow\nType: Bug\nStatus: Open\n\nComments\n--------\n",
      record: (name, value, at) =>
        `${capitalised(name)} Example added a comment - 0${(at % 9) + 1}/Mar/26 10:${String(at + 10)} AM\n${words.sentence()}\nWe measured ${value} milliseconds.\n\n`,
      line: (value) => `We measured ${value} milliseconds.`,
      parent: (name) => `${capitalised(name)} Example added`,
      siblings: /added a comment/,
    }),
  "a bank statement": (words) =>
    records(words, 24, {
      name: "statement.txt",
      query: (value) => `From which account were ${value}.00 euros paid?`,
      record: (name, value) =>
        `Account ${capitalised(name)}\nDate        Text                     Amount\n02.03.2026  Rent                    -700.00\n03.03.2026  ${words.word().padEnd(24)}-${value}.00\n04.03.2026  ${words.word().padEnd(24)}  12.00\nBalance                              900.00\n\n`,
      line: (value) => `-${value}.00`,
      parent: (name) => `Account ${capitalised(name)}`,
      siblings: /^Account /,
    }),
  "courses of a catalogue": (words) =>
    records(words, 36, {
      name: "courses.txt",
      query: (value) => `Which course is in room ${value}?`,
      record: (name, value, at) =>
        `CS ${at + 101}  ${capitalised(name)} for Beginners\n   Lecturer: ${capitalised(words.word())}\n   Room: ${value}\n   Credits: ${words.below(9) + 1}\n   ${words.sentence()}\n\n`,
      line: (value) => `Room: ${value}`,
      parent: (name) => `${capitalised(name)} for Beginners`,
      siblings: /^CS \d/,
    }),
  "recipes of a book": (words) =>
    records(words, 24, {
      name: "recipes.txt",
      query: (value) => `Which soup takes ${value} grams of flour?`,
      record: (name, value) =>
        `${name.toUpperCase()} SOUP\n\nServes four.\n\nIngredients:\n- ${value} grams of flour\n- 2 ${words.word()}s\n- 1 spoon of oil\n\nMethod:\n1. Heat the ${words.word()}.\n2. Add the rest and wait.\n\n`,
      line: (value) => `${value} grams of flour`,
      parent: (name) => `${name.toUpperCase()} SOUP`,
      siblings: /SOUP$/,
    }),
  "notes of a release per component": (words) =>
    records(words, 30, {
      name: "RELEASE_NOTES",
      query: (value) => `Which component changed in SHOP-${value}?`,
      before: "Shop 4.0\n\nRelease Notes - Shop - Version 4.0\n\n",
      record: (name, value) =>
        `** ${capitalised(name)}\n    * [SHOP-${value + 3}] - ${words.sentence()}\n    * [SHOP-${value}] - ${words.sentence()}\n    * [SHOP-${value - 3}] - ${words.sentence()}\n\n`,
      line: (value) => `[SHOP-${value}]`,
      parent: (name) => `** ${capitalised(name)}`,
      siblings: /^\*\* /,
    }),
  "sections of an RFC": (words) =>
    records(words, 24, {
      name: "rfc.txt",
      query: (value) => `Which section sets a timeout of ${value} seconds?`,
      before: "1.  Introduction\n\n   This document describes a protocol.\n\n",
      record: (name, value, at) =>
        `2.${at + 1}.  The ${name} Option\n\n   ${words.sentence()}\n   ${words.sentence()}\n\n   A sender MUST wait for ${value} seconds.\n\n   ${words.sentence()}\n\n${at % 4 === 3 ? `Example                  Standards Track                    [Page ${at}]\n\f\nRFC 9999                  The Protocol                  March 2026\n\n` : ""}`,
      line: (value) => `wait for ${value} seconds`,
      parent: (name) => `The ${name} Option`,
      siblings: /^2\.\d+\. /,
    }),
  "sections of a log book": (words) =>
    records(words, 36, {
      name: "log.txt",
      query: (value) => `On which day were ${value} miles sailed?`,
      record: (name, value, at) =>
        `Monday, ${at + 1} March 2026 (${name})\n\n${words.paragraph(1)} We sailed ${value} miles.\n${words.paragraph(1)}\n\n`,
      line: (value) => `We sailed ${value} miles.`,
      parent: (name) => `(${name})`,
      siblings: /^Monday/,
    }),
};
