// Documents that people write: lists, tables, notices, records of offices, in several languages.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import { capitalised, times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

export const documentCases: Readonly<Record<string, Make>> = {
  "bullets with long continuations": (words) =>
    records(words, 30, {
      name: "Guide",
      query: (value) => `For which part is a torque of ${value} needed?`,
      before: "# Assembly\n\n",
      record: (name, value) =>
        `- The ${name}: ${words.sentence()}\n  ${words.sentence()}\n\n  It has to be fastened with a torque of ${value} and checked\n  after a day. ${words.sentence()}\n\n`,
      line: (value) => `torque of ${value}`,
      parent: (name) => `- The ${name}:`,
      siblings: /^- The/,
    }),
  "checklists of an audit": (words) =>
    records(words, 26, {
      name: "Audit",
      query: (value) => `In which area is item ${value} not done?`,
      record: (name, value, at) =>
        `${at + 1}. ${capitalised(name)} area\n${times(3, (own) => `   [x] ${own + 1}0${at} ${words.word()} is labelled\n`).join("")}   [ ] ${value} ${words.word()} is closed\n   Remarks: ${words.sentence()}\n\n`,
      line: (value) => `[ ] ${value}`,
      parent: (name) => `${capitalised(name)} area`,
      siblings: /^\d+\. /,
    }),
  "a glossary": (words) =>
    records(words, 50, {
      name: "Glossary",
      query: (_, name) => `At which value is ${name} pressure reached?`,
      record: (name, value) =>
        `${name} pressure (n.) The state of a ${words.word()}\n    when the ${words.word()} is closed. It is reached at\n    ${value} units. See also ${words.word()}.\n`,
      line: (value) => `${value} units`,
      parent: (name) => `${name} pressure`,
      siblings: /pressure \(n\.\)/,
    }),
  "questions with answers": (words) =>
    records(words, 36, {
      name: "FAQ",
      query: (_, name) => `How much does a ${name} cost to ship?`,
      record: (name, value) => `Q: How do I ship a ${name}?\nA: ${words.sentence()}\nShipping costs ${value} cents.\n\n`,
      line: (value) => `costs ${value} cents`,
      parent: (name) => `ship a ${name}?`,
      siblings: /^Q:/,
    }),
  "price lists in columns": (words) =>
    records(words, 24, {
      name: "prices.txt",
      query: (_, name) => `What does the large ${name} cost?`,
      before: "PRICE LIST 2026                                   all prices in cents\n\n",
      record: (name, value, at) =>
        `${name.toUpperCase()}\n  small .......................... ${at + 100}\n  medium ......................... ${at + 200}\n  large .......................... ${value}\n  for ${words.word()} add ................ ${at + 10}\n\n`,
      line: (value) => ` ${value}`,
      parent: (name) => name.toUpperCase(),
      siblings: /^[A-Z]+$/,
    }),
  "a report with control breaks": (words) =>
    records(words, 24, {
      name: "SALES.RPT",
      query: (value) => `For which region is the total ${value}?`,
      before:
        "PAGE 1                       MONTHLY SALES                     02-MAR-2026\n\nREGION     CUSTOMER        QTY      AMOUNT\n---------- --------------- ---- ----------\n",
      record: (name, value, at) =>
        `${name.toUpperCase().padEnd(11)}${words.word().toUpperCase().padEnd(16)}${String(at).padStart(4)} ${String(at * 3).padStart(10)}\n           ${words.word().toUpperCase().padEnd(16)}${String(at + 1).padStart(4)} ${String(at * 5).padStart(10)}\n                                ----------\n           REGION TOTAL              ${String(value).padStart(10)}\n\n`,
      line: (value) => `TOTAL ${value}`,
      parent: (name) => `${name.toUpperCase()} `,
      siblings: /^[A-Z]+ {2,}[A-Z]/,
    }),
  "terms and definitions of a standard": (words) =>
    records(words, 30, {
      name: "Standard",
      query: (value) => `Which term has a note about class ${value}?`,
      before: "3 Terms and definitions\n\n",
      record: (name, value, at) =>
        `3.${at + 1}\n${name} assembly\n${words.word()} part that carries the ${words.word()}\n\nNote 1 to entry: It belongs to class ${value}.\n\n[SOURCE: ISO ${at + 900}:2020, 3.${at}]\n\n`,
      line: (value) => `class ${value}`,
      parent: (name) => `${name} assembly`,
      siblings: /^\w+ assembly$/,
    }),
  "abstracts of a conference": (words) =>
    records(words, 16, {
      name: "abstracts.txt",
      query: (value) => `Which talk reports on ${value} patients?`,
      record: (name, value, at) =>
        `O-${at + 1}\nA study of the ${name} in practice\nA. Berg1, T. Weiss2\n1 University of ${capitalised(words.word())}, 2 Institute of ${capitalised(words.word())}\nBackground: ${words.sentence()}\nMethods: We asked ${value} patients. ${words.sentence()}\nResults: ${words.sentence()}\nConclusions: ${words.sentence()}\n\n`,
      line: (value) => `${value} patients`,
      parent: (name) => `study of the ${name}`,
      siblings: /^A study/,
    }),
  "claims of a patent": (words) =>
    records(words, 26, {
      name: "claims.txt",
      query: (value) => `Which claim names a width of ${value} mm? Give its part.`,
      before: "What is claimed is:\n\n",
      record: (name, value, at) =>
        `${at + 1}. A device as claimed in claim ${Math.max(1, at)}, having a ${name},\n   wherein the ${words.word()} is fixed to the ${words.word()};\n   and wherein it has a width of ${value} mm; and\n   wherein the ${words.word()} moves freely.\n\n`,
      line: (value) => `${value} mm`,
      parent: (name) => `having a ${name},`,
      siblings: /^\d+\. A device/,
    }),
  "plans of medication": (words) =>
    records(words, 26, {
      name: "plan.txt",
      query: (_, name) => `Which dose of ${name}ol is taken at noon?`,
      record: (name, value) =>
        `${capitalised(name)}ol 100 mg tablets\n  Reason:   ${words.word()}\n  Morning:  1\n  Noon:     ${value} mg\n  Evening:  -\n  Note:     ${words.sentence()}\n\n`,
      line: (value) => `Noon: ${value} mg`,
      parent: (name) => `${capitalised(name)}ol 100`,
      siblings: /ol 100 mg/,
    }),
  "definition lists of a page": (words) =>
    records(words, 40, {
      name: "settings.html",
      query: (value) => `Which setting has the default ${value}?`,
      before: "<!doctype html><html><head><title>Settings</title></head><body><h1>Settings</h1>\n<dl>\n",
      record: (name, value) =>
        `<dt><code>${name}.timeout</code></dt>\n<dd>${words.sentence()}</dd>\n<dd>Default: ${value}</dd>\n`,
      after: "</dl>\n</body></html>\n",
      line: (value) => `Default: ${value}`,
      parent: (name) => `${name}.timeout`,
      siblings: /\.timeout/,
    }),
  "nested sections of a page": (words) =>
    records(words, 20, {
      name: "manual.html",
      query: (_, name) => `What is the pressure limit of the ${name} pump?`,
      before: "<html><body><main><h1>Pumps</h1>\n",
      record: (name, value) =>
        `<section>\n<h2>${capitalised(name)} pump</h2>\n<p>${words.sentence()}</p>\n<section><h3>Limits</h3>\n<table><tr><th>What</th><th>Value</th></tr>\n<tr><td>Pressure</td><td>${value}</td></tr>\n<tr><td>Owner</td><td>${words.word()}</td></tr></table>\n</section>\n<section><h3>Care</h3><p>${words.sentence()}</p></section>\n</section>\n`,
      after: "</main></body></html>\n",
      line: (value) => `${value}`,
      parent: (name) => `${capitalised(name)} pump`,
      siblings: /pump/,
    }),
  "tables of MediaWiki": (words) =>
    records(words, 30, {
      name: "Stations",
      query: (value) => `Which station opened with ${value} seats?`,
      before: '{| class="wikitable sortable"\n|+ Stations\n! Name !! Owner !! Seats !! Notes\n',
      record: (name, value) => `|-\n| ${capitalised(name)} station\n| ${words.word()}\n| ${value}\n| ${words.sentence()}\n`,
      after: "|}\n",
      line: (value) => `| ${value}`,
      parent: (name) => `${capitalised(name)} station`,
      siblings: /station/,
    }),
  "theorems of a paper": (words) =>
    records(words, 22, {
      name: "paper.txt",
      query: (value) => `Which theorem holds for n above ${value}?`,
      record: (name, value, at) =>
        `Theorem ${at + 1} (${capitalised(name)} bound). Let G be a graph with a ${words.word()}.\nThen for every n > ${value} there is a ${words.word()} in G.\nProof. ${words.paragraph(2)} ∎\n\n`,
      line: (value) => `n > ${value}`,
      parent: (name) => `(${capitalised(name)} bound)`,
      siblings: /^Theorem/,
    }),
  "German circulars": (words) =>
    records(words, 24, {
      name: "Rundschreiben",
      query: (value) => `Für welche Abteilung gilt die Kostenstelle ${value}?`,
      record: (name, value, at) =>
        `Abteilung ${capitalised(name)}\n\nAnsprechpartner: Frau ${capitalised(words.word())}, Zimmer ${at + 1}\nDie Beschäftigten werden gebeten, ihre Unterlagen bis Freitag abzugeben.\nAbzurechnen ist über die Kostenstelle ${value}.\nRückfragen beantwortet das Sekretariat.\n\n`,
      line: (value) => `Kostenstelle ${value}`,
      parent: (name) => `Abteilung ${capitalised(name)}`,
      siblings: /^Abteilung/,
    }),
  "French notices": (words) =>
    records(words, 26, {
      name: "annonces.txt",
      query: (value) => `Quel appartement coûte ${value} euros par mois ?`,
      record: (name, value, at) =>
        `— Résidence ${capitalised(name)} —\nSurface : ${at + 20} m²\nÉtage : ${at % 6}e\nLoyer : ${value} euros par mois, charges comprises\nDisponible à partir du 1er mars. Visites sur rendez-vous.\n\n`,
      line: (value) => `${value} euros`,
      parent: (name) => `Résidence ${capitalised(name)}`,
      siblings: /^— Rés/,
    }),
  "Chinese questions and answers": (words) =>
    records(words, 30, {
      name: "常见问题",
      query: (value) => `哪个产品的保修编号是${value}？`,
      record: (name, value) =>
        `问：${name}型产品如何保修？\n答：请先联系客服，并准备好购买凭证。\n保修编号为${value}，有效期两年。\n\n`,
      line: (value) => `编号为${value}`,
      parent: (name) => `${name}型产品`,
      siblings: /^问/,
    }),
  "Japanese minutes": (words) =>
    records(words, 30, {
      name: "議事録",
      query: (value) => `誰が予算${value}円を提案しましたか？`,
      record: (name, value) =>
        `【${capitalised(name)}課長】\n先週の作業について報告します。特に問題はありませんでした。\n来月の予算として${value}円を提案します。\n\n`,
      line: (value) => `${value}円を提案`,
      parent: (name) => `【${capitalised(name)}課長】`,
      siblings: /^【/,
    }),
  "Korean orders": (words) =>
    records(words, 30, {
      name: "주문.txt",
      query: (value) => `주문번호 ${value}의 고객은 누구입니까?`,
      record: (name, value, at) =>
        `■ 고객: ${capitalised(name)}\n  배송지: ${capitalised(words.word())}시 ${at + 1}번지\n  주문번호: ${value}\n  상태: 배송 준비 중\n\n`,
      line: (value) => `주문번호: ${value}`,
      parent: (name) => `고객: ${capitalised(name)}`,
      siblings: /^■/,
    }),
  "Arabic clauses": (words) =>
    records(words, 24, {
      name: "عقد",
      query: (value) => `في أي مادة وردت الغرامة ${value}؟ اذكر الطرف.`,
      record: (name, value, at) =>
        `المادة ${at + 1}: التزامات شركة ${capitalised(name)}\nتلتزم الشركة بتسليم البضاعة في الموعد المحدد.\nوفي حالة التأخير تدفع غرامة قدرها ${value} ريال.\nتخضع هذه المادة لأحكام القانون.\n\n`,
      line: (value) => `قدرها ${value}`,
      parent: (name) => `شركة ${capitalised(name)}`,
      siblings: /^المادة/,
    }),
  "Russian protocols": (words) =>
    records(words, 24, {
      name: "протокол.txt",
      query: (value) => `Для какого станка указано давление ${value}?`,
      record: (name, value, at) =>
        `Протокол испытаний № ${at + 1}\nСтанок: ${capitalised(name)}-М\nИспытания проведены в присутствии комиссии.\nДавление: ${value} кПа\nЗамечаний нет.\nПодпись: ____________\n\n`,
      line: (value) => `Давление: ${value}`,
      parent: (name) => `Станок: ${capitalised(name)}-М`,
      siblings: /^Станок/,
    }),
  "Hindi notices": (words) =>
    records(words, 26, {
      name: "सूचना",
      query: (value) => `किस केंद्र में ${value} सीटें हैं?`,
      record: (name, value) =>
        `${capitalised(name)} परीक्षा केंद्र\nपरीक्षा सुबह दस बजे शुरू होगी।\nइस केंद्र में ${value} सीटें हैं।\nकृपया अपना पहचान पत्र साथ लाएँ।\n\n`,
      line: (value) => `${value} सीटें`,
      parent: (name) => `${capitalised(name)} परीक्षा केंद्र`,
      siblings: /परीक्षा केंद्र$/,
    }),
  "signatures below statements": (words) =>
    nameBelow(
      records(words, 22, {
        name: "testimonials.txt",
        query: (value) => `Who saved ${value} hours?`,
        record: (name, value) =>
          `“${words.sentence()} In the first year we saved ${value} hours. ${words.sentence()}”\n\n— ${capitalised(name)} Okafor, ${words.word()} manager\n\n* * *\n\n`,
        line: (value) => `saved ${value} hours`,
        parent: (name) => `— ${capitalised(name)} Okafor`,
        siblings: /^—/,
      }),
    ),
};
