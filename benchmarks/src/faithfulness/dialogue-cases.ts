// Exports of conversations, tickets and reviews.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import { capitalised, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const dialogueCases: Readonly<Record<string, Make>> = {
  "messages of Teams": (words) =>
    records(words, 36, {
      name: "Teams chat",
      query: (value) => `Who asked for ticket ${value}?`,
      record: (name, value, at) =>
        `[02.03.2026 10:${two(at)}] ${capitalised(name)} Berg (External)\n${words.sentence()}\nCan somebody take ticket ${value}?\n\n`,
      line: (value) => `take ticket ${value}`,
      parent: (name) => `${capitalised(name)} Berg`,
      siblings: /^\[02/,
    }),
  "messages of Discord": (words) =>
    records(words, 36, {
      name: "Discord export",
      query: (value) => `Who saw the build ${value} fail?`,
      before:
        "==============================================================\nGuild: Shop\nChannel: dev / builds\n==============================================================\n\n",
      record: (name, value, at) =>
        `[3/2/2026 10:${two(at)} AM] ${name}_dev#${at + 1000}\n${words.sentence()}\nbuild ${value} fails here\n\n{Reactions}\n👍 (${at + 1})\n\n`,
      line: (value) => `build ${value} fails`,
      parent: (name) => `${name}_dev`,
      siblings: /_dev#/,
    }),
  "voices of a transcript": (words) =>
    records(words, 40, {
      name: "meeting.vtt",
      query: (value) => `Who will look at case ${value}?`,
      before: "WEBVTT\n\n",
      record: (name, value, at) =>
        `${at + 1}\n00:${two(at)}:01.000 --> 00:${two(at)}:09.500\n${capitalised(name)} Lin: ${words.sentence()}\nand I will look at case ${value}.\n\n`,
      line: (value) => `look at case ${value}`,
      parent: (name) => `${capitalised(name)} Lin:`,
      siblings: /Lin:/,
    }),
  "questions in court": (words) =>
    records(words, 24, {
      name: "transcript.txt",
      query: (value) => `Which witness saw the car ${value}?`,
      record: (name, value, at) =>
        `                          ${capitalised(name).toUpperCase()} BERG,\nhaving been duly sworn, was examined and testified as follows:\n                          DIRECT EXAMINATION\nBY MR. WEISS:\n     Q.   Where were you on that evening?\n     A.   ${words.sentence()}\n     Q.   Which car did you see?\n     A.   I saw the car with the number ${value}.\n     Q.   At what time?\n     A.   It was about ${at + 1} o'clock.\n\n`,
      line: (value) => `the number ${value}`,
      parent: (name) => `${name.toUpperCase()} BERG,`,
      siblings: /BERG,/,
    }),
  "threads of a merge request": (words) =>
    records(words, 22, {
      name: "merge request discussions",
      query: (value) => `In which file is a limit of ${value} asked for?`,
      record: (name, value, at) =>
        `src/${name}.ts:${at + 12} (unresolved)\n  + const limit = ${words.word()};\n\n  ${capitalised(words.word())} Berg, 2 March 2026 10:${two(at)}\n  > ${words.sentence()}\n\n  ${capitalised(words.word())} Lin, 2 March 2026 11:${two(at)}\n  > I would use ${value} here.\n\n`,
      line: (value) => `I would use ${value}`,
      parent: (name) => `src/${name}.ts`,
      siblings: /^src\//,
    }),
  "tickets of a support desk": (words) =>
    records(words, 22, {
      name: "tickets.txt",
      query: (value) => `Which customer reports the error E${value}?`,
      record: (name, value, at) =>
        `Ticket #${at + 300}\nSubject: ${capitalised(words.word())} does not open\nRequester: ${capitalised(name)} Okafor\nPriority: high\nStatus: open\n\nDescription:\nDear team,\n\n${words.sentence()} Since today we see E${value} on the screen.\n\nBest regards\n\nInternal note:\n${words.sentence()}\n\n========================================\n`,
      line: (value) => `we see E${value}`,
      parent: (name) => `${capitalised(name)} Okafor`,
      siblings: /^Requester:/,
    }),
  "contributions to a debate": (words) =>
    records(words, 24, {
      name: "plenary.txt",
      query: (value) => `Who wants to pay for ${value} houses?`,
      record: (name, value) =>
        `Mrs ${capitalised(name)} (North). – Mr President, ${words.paragraph(2)}\n\n${words.paragraph(1)} I want to pay for ${value} houses. ${words.sentence()}\n\n(Applause)\n\n`,
      line: (value) => `pay for ${value} houses`,
      parent: (name) => `Mrs ${capitalised(name)}`,
      siblings: /^Mrs/,
    }),
  "stand-up notes": (words) =>
    records(words, 26, {
      name: "stand-up.md",
      query: (value) => `Who is blocked by issue ${value}?`,
      before: "# Stand-up, 2 March\n\n",
      record: (name, value) =>
        `**${capitalised(name)}**\n\nYesterday: ${words.sentence()}\nToday: ${words.sentence()}\nBlocked by: issue ${value}\n\n`,
      line: (value) => `issue ${value}`,
      parent: (name) => `**${capitalised(name)}**`,
      siblings: /^\*\*/,
    }),
  "mails with answers above": (words) =>
    records(words, 18, {
      name: "Re: limits",
      query: (value) => `Who wrote that the limit is ${value}?`,
      record: (name, value, at) =>
        `From: ${capitalised(name)} Weiss <mail${at}@example.com>\nSent: Monday, 2 March 2026 10:${two(at)}\nTo: Shop <shop@example.com>\nSubject: RE: limits\n\nHello,\n\n${words.sentence()}\n\nThe limit is ${value}.\n\nKind regards\n\n-----Original Message-----\n`,
      line: (value) => `The limit is ${value}`,
      parent: (name) => `${capitalised(name)} Weiss`,
      siblings: /^From:/,
    }),
  "posts of a forum": (words) =>
    records(words, 22, {
      name: "forum thread",
      query: (value) => `Who recommends setting the buffer to ${value}?`,
      record: (name, value, at) =>
        `#${at + 1}\n${name}77\nJoined: Mar 2020 · Posts: ${at + 30}\nPosted 2 March 2026, 10:${two(at)}\n\n${words.paragraph(2)}\n\nSet the buffer to ${value}.\n\n-- \n${words.word()} is better than ${words.word()}\n\n`,
      line: (value) => `buffer to ${value}`,
      parent: (name) => `${name}77`,
      siblings: /^\w+77$/,
    }),
  "calls of a help line": (words) =>
    nameBelow(
      records(words, 26, {
        name: "calls.txt",
        query: (value) => `Which agent took the call about contract ${value}?`,
        record: (name, value, at) =>
          `Call ${at + 1}, 2 March 2026, 10:${two(at)}\nCaller: My contract is ${value} and the ${words.word()} does not work.\nAgent: I see. ${words.sentence()}\nCaller: Thank you.\nTaken by: ${capitalised(name)} Okafor\n\n`,
        line: (value) => `contract is ${value}`,
        parent: (name) => `Taken by: ${capitalised(name)} Okafor`,
        siblings: /Taken by/,
      }),
    ),
  "sections of a podcast": (words) =>
    records(words, 30, {
      name: "show notes",
      query: (value) => `Which guest speaks about model ${value}?`,
      record: (name, value, at) =>
        `(${two(at)}:15) Guest: ${capitalised(name)} Lin\n\n${words.sentence()}\nWe speak about model ${value} and its ${words.word()}.\n\n`,
      line: (value) => `about model ${value}`,
      parent: (name) => `Guest: ${capitalised(name)} Lin`,
      siblings: /Guest:/,
    }),
};
