// What people write and print: notes of doctors, invoices, timetables, menus, results, notices, and registers in other scripts.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { records } from "./records.ts";
import { capitalised, times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

export const paperCases: Readonly<Record<string, Make>> = {
  "reports of a laboratory": (words) =>
    records(words, 26, {
      name: "lab.txt",
      query: (value) => `Whose ferritin is ${value}?`,
      record: (name, value, at) =>
        `PATIENT: ${capitalised(name)}, Anna        DOB: 01/0${(at % 9) + 1}/1970\nCOLLECTED: 03/02/2026 08:${10 + at}\n\nTEST                RESULT      UNITS      REFERENCE\nHemoglobin          ${11 + (at % 4)}.${at % 10}        g/dL       12.0-16.0\nPlatelets           ${200 + at}         K/uL       150-400\nFerritin            ${value}  H     ng/mL      13-150\nComment: ${words.sentence()}\n\n`,
      line: (value) => `${value} H`,
      parent: (name) => `${capitalised(name)}, Anna`,
      siblings: /^PATIENT/,
    }),
  "notes of a ward": (words) =>
    records(words, 24, {
      name: "notes.txt",
      query: (value) => `Which patient gets ${value} mg of the drug?`,
      record: (name, value, at) =>
        `Progress note - Mrs ${capitalised(name)}, room ${at + 1}\nS: ${words.sentence()} Slept well.\nO: T 36.${at % 9}, BP 130/80, HR ${60 + at}. Lungs clear.\nA: Stable after the ${words.word()}.\nP: Continue. Give ${value} mg daily. Recheck tomorrow.\n\n`,
      line: (value) => `Give ${value} mg`,
      parent: (name) => `Mrs ${capitalised(name)}`,
      siblings: /^Progress note/,
    }),
  "invoices one after the other": (words) =>
    records(words, 22, {
      name: "invoices.txt",
      query: (value) => `To which customer was a total of ${value}.00 billed?`,
      record: (name, value, at) =>
        `                                INVOICE\n\nExample Ltd                              No. ${900 + at}\n1 Harbour Road                           Date 2 March 2026\n\nBill to: ${capitalised(name)} & Sons\n\nQty  Description                 Price     Amount\n${times(2 + words.below(3), (own) => `${own + 1}    ${words.word().padEnd(28)}${own + 3}.50      ${(own + 1) * 3}.50\n`).join("")}                              Subtotal    ${value - 20}.00\n                              VAT             20.00\n                              TOTAL       ${value}.00\n\nPayable within 14 days.\n\n`,
      line: (value) => `TOTAL ${value}.00`,
      parent: (name) => `${capitalised(name)} & Sons`,
      siblings: /^Bill to/,
    }),
  "timetables of buses": (words) =>
    records(words, 22, {
      name: "timetable.txt",
      query: (value) => `Which line stops at platform ${value}?`,
      record: (name, value, at) =>
        `LINE ${at + 1}  ${capitalised(words.word())} - ${capitalised(name)} - ${capitalised(words.word())}\nMonday to Friday\n${times(3 + words.below(3), (own) => `  ${capitalised(words.word()).padEnd(16)}06.${10 + own * 4}  07.${10 + own * 4}  08.${10 + own * 4}  09.${10 + own * 4}\n`).join("")}  Platform ${value}   06.50  07.50  08.50  09.50\nSaturday\n  no service\n\n`,
      line: (value) => `Platform ${value}`,
      parent: (name) => `- ${capitalised(name)} -`,
      siblings: /^LINE /,
    }),
  "menus of a week": (words) =>
    records(words, 24, {
      name: "menus.txt",
      query: (value) => `In which restaurant does a dish cost ${value} yen?`,
      record: (name, value) =>
        `~ Restaurant ${capitalised(name)} ~\n\nStarters\n  Soup of ${words.word()} ......... ${words.below(900)} yen\n  Salad of ${words.word()} ........ ${words.below(900)} yen\n\nMain courses\n  Roast ${words.word()} ........... ${value} yen\n  Baked ${words.word()} ........... ${words.below(900)} yen\n\nDesserts\n  ${capitalised(words.word())} cake ............. ${words.below(900)} yen\n\n`,
      line: (value) => `${value} yen`,
      parent: (name) => `Restaurant ${capitalised(name)}`,
      siblings: /Restaurant/,
    }),
  "results of matches": (words) =>
    records(words, 32, {
      name: "results.txt",
      query: (value) => `Which match had ${value} spectators?`,
      before: "Results of the weekend\n\n",
      record: (name, value, at) =>
        `${capitalised(name)} Town ${at % 5}-${at % 3} ${capitalised(words.word())} City\nGoals: ${capitalised(words.word())} ${10 + at}', ${capitalised(words.word())} ${30 + at}'\nYellow cards: ${capitalised(words.word())}\nReferee: ${capitalised(words.word())}\nAttendance: ${value}\n\n`,
      line: (value) => `Attendance: ${value}`,
      parent: (name) => `${capitalised(name)} Town`,
      siblings: / Town \d/,
    }),
  "advertisements of a paper": (words) =>
    records(words, 36, {
      name: "classified.txt",
      query: (value) => `What is for sale under the telephone number ${value}?`,
      record: (name, value, at) =>
        `${name.toUpperCase()} FOR SALE, good condition, ${words.word()} and ${words.word()} included, little used, from a house without smokers. Must be collected.\n${at + 40} euros or nearest offer. Tel. 0555-${value} after six.\n\n`,
      line: (value) => `0555-${value}`,
      parent: (name) => `${name.toUpperCase()} FOR SALE`,
      siblings: /FOR SALE/,
    }),
  "questions of an exam": (words) =>
    records(words, 26, {
      name: "exam.txt",
      query: (value) => `Which question has the answer ${value} joules?`,
      before: "Physics, final examination\nTime allowed: 2 hours\n\n",
      record: (name, value, at) =>
        `Question ${at + 1} (${(at % 4) + 2} marks)\nA ${name} of mass ${at + 2} kg falls from the ${words.word()}. Calculate its energy.\n\n(a) ${value - 3} joules\n(b) ${value + 9} joules\n(c) none of these\n\nAnswer: ${value} joules. ${words.sentence()}\n\n`,
      line: (value) => `Answer: ${value} joules`,
      parent: (name) => `A ${name} of mass`,
      siblings: /^A \w+ of mass/,
    }),
  "resolutions of a board": (words) =>
    records(words, 20, {
      name: "minutes.txt",
      query: (value) => `For which project did the board approve ${value} euros?`,
      before: "MINUTES OF THE BOARD\nHeld on 2 March 2026 at 10:00\nPresent: all directors\n\n",
      record: (name, value, at) =>
        `${at + 1}. ${name.toUpperCase()} PROJECT\n\nThe chair reported on the project. ${words.paragraph(2)}\n\nIT WAS RESOLVED THAT a budget of ${value} euros be approved.\n\nAction: ${capitalised(words.word())} to report in May.\n\n`,
      line: (value) => `budget of ${value} euros`,
      parent: (name) => `${name.toUpperCase()} PROJECT`,
      siblings: /PROJECT$/,
    }),
  "questions in Spanish": (words) =>
    records(words, 28, {
      name: "preguntas.txt",
      query: (value) => `¿Qué producto cuesta ${value} pesos?`,
      before: "Preguntas frecuentes\n\n",
      record: (name, value) =>
        `¿Cuánto cuesta el modelo ${capitalised(name)}?\nEl precio actual es de ${value} pesos, con impuestos incluidos. El envío se paga aparte y tarda varios días hábiles.\nNo se aceptan devoluciones después de un mes.\n\n`,
      line: (value) => `${value} pesos`,
      parent: (name) => `el modelo ${capitalised(name)}`,
      siblings: /^¿/,
    }),
  "a register in Chinese": (words) =>
    records(words, 36, {
      name: "登记.txt",
      query: (value) => `哪个产品的编号是${value}？`,
      before: "产品登记表\n\n",
      record: (name, value, at) =>
        `产品名称：${name}型水泵\n编号：${value}\n生产日期：2026年3月${(at % 28) + 1}日\n负责人：王${"明芳丽伟强"[at % 5]}\n说明：该产品用于工厂的冷却系统，需要每年检查一次，并更换密封件。\n\n`,
      line: (value) => `编号：${value}`,
      parent: (name) => `${name}型水泵`,
      siblings: /^产品名称/,
    }),
  "a register in Japanese": (words) =>
    records(words, 36, {
      name: "点検記録.txt",
      query: (value) => `製造番号${value}の装置はどれですか？`,
      before: "点検記録\n\n",
      record: (name, value, at) =>
        `【装置】${name}ポンプ\n点検日　2026年3月${(at % 28) + 1}日\n製造番号　${value}\n担当　佐藤\n所見　異音なし。次回の点検までに部品を交換すること。油量は基準の範囲内である。\n\n`,
      line: (value) => `製造番号 ${value}`,
      parent: (name) => `${name}ポンプ`,
      siblings: /^【装置】/,
    }),
  "a register in Arabic": (words) =>
    records(words, 32, {
      name: "سجل.txt",
      query: (value) => `ما هو الجهاز الذي رقمه ${value}؟`,
      before: "سجل الأجهزة\n\n",
      record: (name, value, at) =>
        `الجهاز: مضخة ${name}\nالرقم: ${value}\nتاريخ الفحص: ${(at % 28) + 1} مارس 2026\nالمسؤول: أحمد\nالملاحظات: الجهاز يعمل بشكل جيد ويحتاج إلى تغيير الزيت كل سنة.\n\n`,
      line: (value) => `الرقم: ${value}`,
      parent: (name) => `مضخة ${name}`,
      siblings: /^الجهاز/,
    }),
  "a register in Hindi": (words) =>
    records(words, 32, {
      name: "पंजी.txt",
      query: (value) => `किस यंत्र का क्रमांक ${value} है?`,
      before: "यंत्रों की पंजी\n\n",
      record: (name, value, at) =>
        `यंत्र: ${name} पंप\nक्रमांक: ${value}\nजाँच की तिथि: ${(at % 28) + 1} मार्च 2026\nप्रभारी: शर्मा\nटिप्पणी: यंत्र ठीक चल रहा है और हर साल तेल बदलना चाहिए।\n\n`,
      line: (value) => `क्रमांक: ${value}`,
      parent: (name) => `${name} पंप`,
      siblings: /^यंत्र:/,
    }),
  "notices in Russian": (words) =>
    records(words, 30, {
      name: "объявления.txt",
      query: (value) => `Какая станция закрыта до ${value} километра?`,
      before: "Объявления о ремонте путей\n\n",
      record: (name, value, at) =>
        `Станция ${capitalised(name)}, путь ${at + 1}\nУчасток закрыт до ${value} километра в связи с ремонтом моста.\nАвтобусы отправляются каждые двадцать минут от северного входа.\nСправки по телефону у дежурного.\n\n`,
      line: (value) => `до ${value} километра`,
      parent: (name) => `Станция ${capitalised(name)}`,
      siblings: /^Станция/,
    }),
};
