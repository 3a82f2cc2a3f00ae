// Manuals, contracts and pages that readers know by their layout: each answer stands below one of several parents alike.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { capitalised, times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

export const manualCases: Readonly<Record<string, Make>> = {
  "options of a manual page": (words) => {
    const names = words.words(40);
    const chosen = words.below(40);
    return {
      query: `Which option sets the limit to ${700 + chosen} bytes?`,
      name: "tool.1",
      text: `TOOL(1)                   User Commands                   TOOL(1)\n\nNAME\n       tool - ${words.word()} the ${words.word()}\n\nOPTIONS\n${names
        .map(
          (name) =>
            `       --${name}=N\n              ${words.sentence()}\n              Sets the limit to ${700 + names.indexOf(name)} bytes.\n`,
        )
        .join("\n")}\nFILES\n       /etc/tool.conf\n`,
      gold: { line: `Sets the limit to ${700 + chosen} bytes.`, parent: `--${names[chosen]}=N`, siblings: /^\s*--\w+=N/ },
    };
  },
  "clauses of a contract": (words) => {
    const parts = words.words(60);
    const chosen = words.below(60);
    const parties = ["Supplier", "Customer", "Carrier", "Insurer"];
    const clause = (party: string, at: number) =>
      `${at + 1}. Duties of the ${party}\n\n${at + 1}.1 ${words.paragraph(2)}\n\n${at + 1}.2 The ${party} named in this clause bears the cost of:\n\n${parts
        .slice(at * 15, at * 15 + 15)
        .map((part, letter) => `    (${String.fromCharCode(97 + letter)}) storage of the ${part};`)
        .join("\n")}\n\n${at + 1}.3 ${words.paragraph(3)}\n`;
    return {
      query: `Who bears the cost of storage of the ${parts[chosen]}?`,
      name: "Agreement",
      text: parties.map(clause).join("\n"),
      gold: {
        line: `storage of the ${parts[chosen]};`,
        parent: parties[Math.floor(chosen / 15)] as string,
        siblings: /(?:Duties of|^\d\.2)/,
      },
    };
  },
  "questions and answers": (words) => {
    const topics = words.words(40);
    const chosen = words.below(40);
    return {
      query: `What does a replacement of the ${topics[chosen]} cost?`,
      name: "FAQ",
      text: topics
        .map(
          (topic, at) => `Q: What does a replacement of the ${topic} cost?\nA: It costs ${300 + at} euros. ${words.sentence()}\n`,
        )
        .join("\n"),
      gold: { line: `It costs ${300 + chosen} euros`, parent: `of the ${topics[chosen]} cost`, siblings: /^Q: / },
    };
  },
  "tables with the same columns": (words) => {
    const regions = ["North", "South", "East", "West"];
    const items = words.words(20);
    const region = words.below(4);
    const item = words.below(20);
    const price = (at: number, row: number) => 1000 + at * 100 + row * 3;
    return {
      query: `What does ${items[item]} cost in the ${regions[region]}?`,
      name: "prices.md",
      text: regions
        .map(
          (own, at) =>
            `### ${own}\n\n${words.paragraph(2)}\n\n| Item | Price | Stock |\n|---|---|---|\n${items.map((name, row) => `| ${name} | ${price(at, row)} | ${words.below(90)} |`).join("\n")}\n`,
        )
        .join("\n"),
      gold: { line: `| ${items[item]} | ${price(region, item)} |`, parent: regions[region] as string, siblings: /^### / },
    };
  },
  "nested lists of a page": (words) => {
    const names = words.words(50);
    const chosen = words.below(50);
    const halls = ["Hall A", "Hall B", "Hall C", "Hall D", "Hall E"];
    return {
      query: `In which hall is the ${names[chosen]} stand?`,
      name: "halls.html",
      text: `<!DOCTYPE html>\n<html><body><main><h1>Halls</h1><p>${words.paragraph(24)}</p><ul>\n${halls
        .map(
          (hall, at) =>
            `<li>${hall}<ul>\n${names
              .slice(at * 10, at * 10 + 10)
              .map((name) => `<li>${capitalised(name)} stand</li>`)
              .join("\n")}\n</ul></li>`,
        )
        .join("\n")}\n</ul><p>${words.paragraph(24)}</p></main></body></html>\n`,
      gold: {
        line: `${capitalised(names[chosen] as string)} stand`,
        parent: halls[Math.floor(chosen / 10)] as string,
        siblings: /Hall [A-E]/,
      },
    };
  },
  "items of a feed": (words) => {
    const names = words.words(30);
    const chosen = words.below(30);
    return {
      query: `Which item has the guid urn:post:${500 + chosen}?`,
      name: "feed.xml",
      text: `<?xml version="1.0"?>\n<rss version="2.0"><channel><title>News</title>\n${names
        .map(
          (name, at) =>
            `<item>\n<title>About the ${name}</title>\n<description>${words.sentence()}</description>\n<guid>urn:post:${500 + at}</guid>\n</item>`,
        )
        .join("\n")}\n</channel></rss>\n`,
      gold: { line: `urn:post:${500 + chosen}`, parent: `About the ${names[chosen]}`, siblings: /About the/ },
    };
  },
  "sections in two languages": (words) => {
    const parts = words.words(60);
    const chosen = words.below(60);
    const titles = ["Garantie / Warranty", "Ausgeschlossen / Excluded", "Auf Anfrage / On request"];
    return {
      query: `Is the ${parts[chosen]} covered by the warranty?`,
      name: "Garantie",
      text: titles
        .map(
          (title, at) =>
            `${title}\n\n${words.paragraph(14)}\n\n${parts
              .filter((_, part) => part % 3 === at)
              .map((part) => `- Teil ${part} / part ${part}`)
              .join("\n")}\n`,
        )
        .join("\n"),
      gold: { line: `part ${parts[chosen]}`, parent: titles[chosen % 3] as string, siblings: /^\p{Lu}[\p{L} ]+ \/ \p{Lu}/u },
    };
  },
  "action items of a meeting": (words) => {
    const topics = words.words(48);
    const chosen = words.below(48);
    const dates = times(6, (at) => `Weekly meeting, ${at + 3} June 2024`);
    return {
      query: `At which meeting was it decided to repaint the ${topics[chosen]}?`,
      name: "Minutes",
      text: dates
        .map(
          (date, at) =>
            `${date}\n${"=".repeat(date.length)}\n\nPresent: Anna, Tom, Mei\n\nDiscussion\n\n${words.paragraph(3)}\n\nAction items\n\n${topics
              .slice(at * 8, at * 8 + 8)
              .map((topic) => `* Repaint the ${topic} (owner: ${["Anna", "Tom", "Mei"][topic.length % 3]})`)
              .join("\n")}\n`,
        )
        .join("\n"),
      gold: {
        line: `Repaint the ${topics[chosen]}`,
        parent: dates[Math.floor(chosen / 8)] as string,
        siblings: /^Weekly meeting/,
      },
    };
  },
};
