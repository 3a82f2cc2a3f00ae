// Texts for readers: reviews, guides, judgments, data sheets, dictionaries, in several languages.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import { capitalised, times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const publicCases: Readonly<Record<string, Make>> = {
  "reviews of a hotel": (words) =>
    records(words, 24, {
      name: "reviews.txt",
      query: (value) => `Who complains about room ${value}?`,
      record: (name, value, at) =>
        `★★★☆☆  "${capitalised(words.word())} and ${words.word()}"\nReviewed by ${capitalised(name)}, ${at + 1} March 2026\n\n${words.sentence()} We had room ${value}, which was cold. ${words.sentence()}\n\n${at} people found this helpful\n\n`,
      line: (value) => `room ${value}`,
      parent: (name) => `Reviewed by ${capitalised(name)}`,
      siblings: /^Reviewed by/,
    }),
  "entries of a dictionary": (words) =>
    records(words, 40, {
      name: "dictionary.txt",
      query: (value) => `Which word is first found in the year ${value}?`,
      record: (name, value) =>
        `**${name}** /ˈ${name.slice(0, 3)}/ *noun*\n1 a kind of ${words.word()}: *the ${words.word()} was old*\n2 (old use) a small ${words.word()}\n– ORIGIN ${value}, from ${words.word()}.\n\n`,
      line: (value) => `ORIGIN ${value}`,
      parent: (name) => `**${name}**`,
      siblings: /^\*\*/,
    }),
  "sights of a guide": (words) =>
    records(words, 24, {
      name: "guide.txt",
      query: (value) => `Which sight has the telephone number 555-${value}?`,
      record: (name, value, at) =>
        `${capitalised(name)} Museum ★★\n${at + 1} High Street · Map ${at}B\nOpen 9–17, closed on Mondays\nTel. 555-${value}\n${words.paragraph(2)}\n\n`,
      line: (value) => `555-${value}`,
      parent: (name) => `${capitalised(name)} Museum`,
      siblings: /Museum/,
    }),
  "judgments of a court": (words) =>
    records(words, 16, {
      name: "judgments.txt",
      query: (value) => `In which case were ${value} euros awarded?`,
      record: (name, value, at) =>
        `${capitalised(name)} v City Council [2026] CA ${at + 10}\n\nBefore: Berg LJ, Weiss LJ\n\nFacts\n${words.paragraph(2)}\n\nHeld\nThe appeal is allowed. The council pays ${value} euros.\n\nReasons\n${words.paragraph(2)}\n\n`,
      line: (value) => `pays ${value} euros`,
      parent: (name) => `${capitalised(name)} v City`,
      siblings: / v City/,
    }),
  "data sheets of parts": (words) =>
    records(words, 22, {
      name: "parts.txt",
      query: (_, name) => `What is the maximum voltage of the ${name} sensor?`,
      record: (name, value, at) =>
        `${name.toUpperCase()} SENSOR, TYPE ${at}\n\nAbsolute maximum ratings\n  Supply voltage ........ ${value} mV\n  Input current ......... ${at} mA\n\nOperating conditions\n  Temperature ........... -10 to ${at + 40} °C\n  Supply ................ ${words.word()}\n\n`,
      line: (value) => `${value} mV`,
      parent: (name) => `${name.toUpperCase()} SENSOR`,
      siblings: /SENSOR/,
    }),
  "a bill of materials": (words) =>
    records(words, 24, {
      name: "bom.txt",
      query: (value) => `In which assembly is the part P-${value}?`,
      record: (name, value, at) =>
        `1   ASSY-${at + 100}   ${name} assembly          1 pc\n1.1   P-${value - 3}      ${words.word()} plate         2 pc\n1.2   P-${value}      ${words.word()} screw         8 pc\n1.2.1   M-${at}      steel               1 kg\n\n`,
      line: (value) => `P-${value} `,
      parent: (name) => `${name} assembly`,
      siblings: /assembly/,
    }),
  "offers of jobs": (words) =>
    records(words, 20, {
      name: "jobs.txt",
      query: (value) => `Which company pays ${value} euros per month?`,
      record: (name, value, at) =>
        `JOB ${at + 1}\nDeveloper (m/f/d) at ${capitalised(name)} Systems\n\nYour tasks:\n- ${words.sentence()}\n- ${words.sentence()}\n\nWe offer:\n- ${value} euros per month\n- a ${words.word()}\n\nContact: ${words.word()}@example.com\n\n`,
      line: (value) => `${value} euros`,
      parent: (name) => `${capitalised(name)} Systems`,
      siblings: /Systems$/,
    }),
  "reports of the weather": (words) =>
    records(words, 40, {
      name: "weather.txt",
      query: (value) => `At which station is the pressure ${value}?`,
      record: (name, value, at) =>
        `${capitalised(name)} station, ${two(at % 24)} UTC: wind 220 at ${at} knots,\n  visibility 10 km, cloud 3 oktas at 2500 feet,\n  pressure ${value}, no change expected.\n`,
      line: (value) => `pressure ${value}`,
      parent: (name) => `${capitalised(name)} station`,
      siblings: /station,/,
    }),
  "levels of service": (words) =>
    records(words, 20, {
      name: "agreement.txt",
      query: (value) => `For which service is the credit ${value} euros?`,
      before: "SERVICE LEVEL AGREEMENT\n\n",
      record: (name, value, at) =>
        `${at + 1}. ${capitalised(name)} service\n\n${at + 1}.1 Availability. The provider keeps the service available for 99.${at} % of each month.\n\n${at + 1}.2 Credits. For each hour below it the customer gets ${value} euros.\n\n${at + 1}.3 Exceptions. ${words.sentence()}\n\n`,
      line: (value) => `${value} euros`,
      parent: (name) => `${capitalised(name)} service`,
      siblings: /^\d+\. /,
    }),
  "steps of a runbook": (words) =>
    records(words, 20, {
      name: "runbook.md",
      query: (value) => `Which alert is fixed with --limit ${value}?`,
      before: "# Runbook\n\n",
      record: (name, value) =>
        `## ${capitalised(name)}High\n\n**Meaning:** ${words.sentence()}\n\n**Fix:**\n\n1. Log in to the ${words.word()} host.\n2. Run the command:\n   \`\`\`\n   shopctl drain --limit ${value}\n   \`\`\`\n3. Wait.\n\n`,
      line: (value) => `--limit ${value}`,
      parent: (name) => `## ${capitalised(name)}High`,
      siblings: /^## /,
    }),
  "letters in Portuguese": (words) =>
    records(words, 20, {
      name: "cartas.txt",
      query: (value) => `Quem pede o reembolso de ${value} reais?`,
      record: (name, value, at) =>
        `Carta nº ${at + 1}\nDe: ${capitalised(name)} Silva\nAssunto: reclamação\n\nPrezados senhores,\n\no produto chegou com defeito e ninguém atende o telefone.\nPeço o reembolso de ${value} reais até o fim do mês.\n\nAtenciosamente\n\n`,
      line: (value) => `${value} reais`,
      parent: (name) => `De: ${capitalised(name)} Silva`,
      siblings: /^De:/,
    }),
  "timetables in Italian": (words) =>
    records(words, 26, {
      name: "orari",
      query: (value) => `Quale treno ha il numero ${value}?`,
      record: (name, value, at) =>
        `Destinazione ${capitalised(name)}\n  partenza ore ${two(at % 24)}.10, binario ${at + 1}\n  treno regionale numero ${value}\n  ferma in tutte le stazioni\n\n`,
      line: (value) => `numero ${value}`,
      parent: (name) => `Destinazione ${capitalised(name)}`,
      siblings: /^Destinazione/,
    }),
  "profiles in Vietnamese": (words) =>
    records(words, 26, {
      name: "hồ sơ",
      query: (value) => `Nhân viên nào có mã số ${value}?`,
      record: (name, value, at) =>
        `Nhân viên: ${capitalised(name)}\nPhòng ban: kế toán\nNgày vào làm: ${at + 1} tháng ba\nMã số: ${value}\nGhi chú: làm việc chăm chỉ\n\n`,
      line: (value) => `Mã số: ${value}`,
      parent: (name) => `Nhân viên: ${capitalised(name)}`,
      siblings: /^Nhân viên/,
    }),
  "orders in Ukrainian": (words) =>
    records(words, 26, {
      name: "накази",
      query: (value) => `Кому виплатити премію ${value} гривень?`,
      record: (name, value, at) =>
        `НАКАЗ № ${at + 1}\nПро преміювання\nНаказую:\n1. Виплатити працівнику ${capitalised(name)} премію.\n2. Розмір премії: ${value} гривень.\n3. Контроль покласти на бухгалтерію.\n\n`,
      line: (value) => `${value} гривень`,
      parent: (name) => `працівнику ${capitalised(name)}`,
      siblings: /працівнику/,
    }),
  "a catalogue in Greek": (words) =>
    records(words, 30, {
      name: "κατάλογος",
      query: (value) => `Ποιο προϊόν έχει τον κωδικό ${value};`,
      record: (name, value, at) =>
        `${capitalised(name)} – προϊόν ${at + 1}\nΠεριγραφή: πολύ καλή ποιότητα\nΚωδικός: ${value}\nΤιμή: ${at + 5} ευρώ\n\n`,
      line: (value) => `Κωδικός: ${value}`,
      parent: (name) => `${capitalised(name)} – προϊόν`,
      siblings: /– προϊόν/,
    }),
  "notices in Thai": (words) =>
    records(words, 26, {
      name: "ประกาศ",
      query: (value) => `สาขาใดมีรหัส ${value}`,
      record: (name, value, at) => `สาขา ${capitalised(name)}\nเปิดทำการทุกวันจันทร์ถึงวันศุกร์\nรหัส ${value}\nโทรศัพท์ 02-${at + 100}\n\n`,
      line: (value) => `รหัส ${value}`,
      parent: (name) => `สาขา ${capitalised(name)}`,
      siblings: /^สาขา/,
    }),
  "poems with their authors below": (words) =>
    nameBelow(
      records(words, 50, {
        name: "poems.txt",
        query: (value) => `Who wrote the poem about ${value} stars?`,
        record: (name, value) =>
          `The ${words.word()} sleeps beside the ${words.word()},\nand ${value} stars look down on it;\nthe ${words.word()} has no ${words.word()} now,\nand nobody will sit.\n\n        ${capitalised(name)} Okafor\n\n\n`,
        line: (value) => `${value} stars`,
        parent: (name) => `${capitalised(name)} Okafor`,
        siblings: /Okafor/,
      }),
    ),
  "games of a tournament": (words) =>
    records(words, 20, {
      name: "tournament.txt",
      query: (value) => `Which player has the rating ${value}?`,
      record: (name, value, at) =>
        `${at + 1}. ${capitalised(name)}\n   Rating ${value}, born 19${two(at)}\n${times(3, (own) => `   Round ${own + 1}: ${own % 2 ? "won against" : "lost to"} ${capitalised(words.word())}\n`).join("")}   Total: ${at % 4} points\n\n`,
      line: (value) => `Rating ${value}`,
      parent: (name) => `. ${capitalised(name)}`,
      siblings: /^\d+\. /,
    }),
};
