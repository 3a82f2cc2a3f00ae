// Papers of offices, shops, schools and clubs, in several languages.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import { capitalised, times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const paperWorkCases: Readonly<Record<string, Make>> = {
  "decisions of an architecture": (words) =>
    records(words, 18, {
      name: "decisions.md",
      query: (value) => `Which decision limits the size to ${value} kB?`,
      record: (name, value, at) =>
        `ADR-${two(at)}: Use ${name} for orders\nDate: 2026-03-02\nStatus: accepted\n\nContext\n\n${words.paragraph(2)}\n\nDecision\n\nWe use it, with a limit of ${value} kB for each message.\n\nConsequences\n\n${words.sentence()}\n\n`,
      line: (value) => `${value} kB`,
      parent: (name) => `Use ${name} for orders`,
      siblings: /^ADR/,
    }),
  "a timeline of an incident": (words) =>
    records(words, 30, {
      name: "post-mortem",
      query: (value) => `Who restarted node ${value}?`,
      before: "Incident 77\n\nTimeline (UTC)\n\n",
      record: (name, value, at) =>
        `10:${two(at)} – ${capitalised(name)} joins the call.\n        ${words.sentence()}\n        They restart node ${value} and watch the queue.\n`,
      line: (value) => `node ${value}`,
      parent: (name) => `${capitalised(name)} joins`,
      siblings: /joins/,
    }),
  "a programme of television": (words) =>
    records(words, 26, {
      name: "programme.txt",
      query: (value) => `Which film was made in the production ${value}?`,
      before: "MONDAY\n\n",
      record: (name, value, at) =>
        `${two(at % 24)}.15  THE ${name.toUpperCase()}\n       Drama, 9${at % 10} min. With ${capitalised(words.word())} Lin.\n       ${words.sentence()}\n       Production ${value}. Subtitles.\n`,
      line: (value) => `Production ${value}`,
      parent: (name) => `THE ${name.toUpperCase()}`,
      siblings: /^\d\d\.15/,
    }),
  "objects of a museum": (words) =>
    records(words, 24, {
      name: "catalogue.txt",
      query: (value) => `Which object has the inventory number ${value}?`,
      record: (name, value, at) =>
        `${at + 1}\n${capitalised(name)} bowl\nBronze, about ${at + 1}00 BC\nHeight ${at + 4} cm\nInv. ${value}\n${words.paragraph(2)}\nLiterature: ${capitalised(words.word())} 1990, p. ${at}.\n\n`,
      line: (value) => `Inv. ${value}`,
      parent: (name) => `${capitalised(name)} bowl`,
      siblings: /bowl$/,
    }),
  "lessons of a course": (words) =>
    records(words, 20, {
      name: "syllabus",
      query: (value) => `In which week is page ${value} to be read?`,
      record: (name, value, at) =>
        `Week ${at + 1} — The ${name}\n\nTopics\n• ${words.sentence()}\n• ${words.sentence()}\n\nReading\n• Textbook, page ${value}\n\nHomework\n• Exercise ${at}\n\n`,
      line: (value) => `page ${value}`,
      parent: (name) => `— The ${name}`,
      siblings: /^Week/,
    }),
  "offers of a tender": (words) =>
    records(words, 22, {
      name: "tender.txt",
      query: (_, name) => `Which price does ${capitalised(name)} Ltd offer for lot 2?`,
      record: (name, value, at) =>
        `Bidder ${at + 1}: ${capitalised(name)} Ltd, ${capitalised(words.word())}\n\n  Lot 1      ${at + 100} EUR    ${words.word()}\n  Lot 2      ${value} EUR    ${words.word()}\n  Lot 3      no offer\n\n  Remarks: ${words.sentence()}\n\n`,
      line: (value) => `${value} EUR`,
      parent: (name) => `${capitalised(name)} Ltd`,
      siblings: /^Bidder/,
    }),
  "members of a club": (words) =>
    records(words, 36, {
      name: "members.txt",
      query: (value) => `Which member has the card ${value}?`,
      record: (name, value, at) =>
        `${capitalised(words.word())}, ${capitalised(name)} (Mrs)\n${at + 1} ${capitalised(words.word())} Street\nTel. 555-${at + 100} · Card ${value} · since 20${two(at % 25)}\n\n`,
      line: (value) => `Card ${value}`,
      parent: (name) => `, ${capitalised(name)} (Mrs)`,
      siblings: /\(Mrs\)/,
    }),
  "recipes in Spanish": (words) =>
    records(words, 20, {
      name: "recetas",
      query: (value) => `¿Qué receta lleva ${value} gramos de harina?`,
      record: (name, value, at) =>
        `Tarta de ${name}\n\nIngredientes (${at + 2} personas)\n- ${value} gramos de harina\n- 2 huevos\n- una pizca de ${words.word()}\n\nPreparación\n1. Mezclar todo en un bol grande.\n2. Dejar reposar durante ${at + 5} minutos.\n\n`,
      line: (value) => `${value} gramos`,
      parent: (name) => `Tarta de ${name}`,
      siblings: /^Tarta/,
    }),
  "regulations in German": (words) =>
    records(words, 22, {
      name: "Satzung",
      query: (value) => `In welchem Paragraphen wird ein Beitrag von ${value} Euro genannt?`,
      record: (name, value, at) =>
        `§ ${at + 1} Mitgliedschaft ${capitalised(name)}\n\n(1) Die Mitgliedschaft wird durch schriftlichen Antrag erworben.\n(2) Der Beitrag beträgt ${value} Euro und ist im Januar fällig.\n(3) Über Ausnahmen entscheidet der Vorstand mit einfacher Mehrheit.\n\n`,
      line: (value) => `${value} Euro`,
      parent: (name) => `Mitgliedschaft ${capitalised(name)}`,
      siblings: /^§/,
    }),
  "products in Polish": (words) =>
    records(words, 30, {
      name: "cennik",
      query: (value) => `Który produkt ma numer katalogowy ${value}?`,
      record: (name, value, at) =>
        `Produkt: ${name}\nOpis: bardzo dobry towar, dostępny od zaraz\nNumer katalogowy: ${value}\nCena: ${at + 10},99 zł\nDostawa: dwa dni robocze\n\n`,
      line: (value) => `Numer katalogowy: ${value}`,
      parent: (name) => `Produkt: ${name}`,
      siblings: /^Produkt/,
    }),
  "announcements in Turkish": (words) =>
    records(words, 26, {
      name: "duyurular",
      query: (value) => `Hangi sokakta ${value} numaralı bina var?`,
      record: (name, value) =>
        `${capitalised(name)} Sokağı\nSu kesintisi sabah dokuzda başlayacak.\nÇalışma ${value} numaralı binanın önünde yapılacaktır.\nAnlayışınız için teşekkür ederiz.\n\n`,
      line: (value) => `${value} numaralı`,
      parent: (name) => `${capitalised(name)} Sokağı`,
      siblings: /Sokağı$/,
    }),
  "logs of devices in Japanese": (words) =>
    records(words, 30, {
      name: "点検記録",
      query: (value) => `圧力が${value}の装置はどれですか？`,
      record: (name, value, at) =>
        `装置名：${name}\n点検日：2026年3月${(at % 28) + 1}日\n圧力：${value}\n担当者の所見：異常はありませんでした。\n次回の点検は来月です。\n\n`,
      line: (value) => `圧力：${value}`,
      parent: (name) => `装置名：${name}`,
      siblings: /^装置名/,
    }),
  "tables of stations in Chinese": (words) =>
    records(words, 100, {
      name: "车站表.md",
      query: (value) => `哪个车站的编号是${value}？`,
      before: "# 车站\n\n| 车站 | 编号 | 备注 |\n| --- | --- | --- |\n",
      record: (name, value) => `| ${name}站 | ${value} | ${words.word()}线，已开通 |\n`,
      line: (value) => `| ${value} |`,
      parent: (name) => `${name}站`,
      siblings: /never/,
    }),
  "answers with the question quoted": (words) =>
    records(words, 20, {
      name: "survey.txt",
      query: (value) => `Which team wants ${value} more seats?`,
      record: (name, value) =>
        `Team: ${name}\n\n> What do you need most?\n\n${words.sentence()} We want ${value} more seats.\n\n> What went well?\n\n${words.sentence()}\n\n---\n\n`,
      line: (value) => `${value} more seats`,
      parent: (name) => `Team: ${name}`,
      siblings: /^Team/,
    }),
  "receipts of a till": (words) =>
    nameBelow(
      records(words, 26, {
        name: "till.log",
        query: (value) => `Which cashier sold the goods with the receipt ${value}?`,
        record: (name, value, at) =>
          `          SHOP LTD\n      12 Market Street\nReceipt ${value}\n${times(2 + (at % 3), (own) => `${own + 1} x ${words.word().padEnd(16)}${own + 3}.50\n`).join("")}------------------------\nTOTAL              ${at + 9}.50\nServed by ${capitalised(name)}\n\n`,
        line: (value) => `Receipt ${value}`,
        parent: (name) => `Served by ${capitalised(name)}`,
        siblings: /^Served/,
      }),
    ),
  "wards of a hospital": (words) =>
    records(words, 20, {
      name: "handover.txt",
      query: (value) => `Which patient gets ${value} ml of fluid?`,
      before: "HANDOVER, NIGHT SHIFT\n\n",
      record: (name, value, at) =>
        `Bed ${at + 1} — ${capitalised(name)}, ${at + 40} y\nS: ${words.sentence()}\nB: Admitted on Sunday with ${words.word()}.\nA: Stable, temperature 37.${at % 10}.\nR: Give ${value} ml of fluid until morning, then ${words.word()}.\n\n`,
      line: (value) => `${value} ml`,
      parent: (name) => `— ${capitalised(name)},`,
      siblings: /^Bed/,
    }),
};
