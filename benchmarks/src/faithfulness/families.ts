// All kinds of text that are judged, by family, and the ways in which such a text comes to a compressor.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { checkerCases } from "./checker-cases.ts";
import { clusterCases } from "./cluster-cases.ts";
import { codeCases } from "./code-cases.ts";
import { configurationCases } from "./configuration-cases.ts";
import { conversationCases } from "./conversation-cases.ts";
import { databaseCases } from "./database-cases.ts";
import { diagnosticCases } from "./diagnostic-cases.ts";
import { dialogueCases } from "./dialogue-cases.ts";
import { documentCases } from "./document-cases.ts";
import { exchangeCases } from "./exchange-cases.ts";
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { fieldCases } from "./field-cases.ts";
import { formatCases } from "./format-cases.ts";
import { furtherSourceCases } from "./further-source-cases.ts";
import { historyCases } from "./history-cases.ts";
import { hostCases } from "./host-cases.ts";
import { interfaceCases } from "./interface-cases.ts";
import { languageCases } from "./language-cases.ts";
import { listingCases } from "./listing-cases.ts";
import { logRecordCases } from "./log-record-cases.ts";
import { machineCases } from "./machine-cases.ts";
import { manualCases } from "./manual-cases.ts";
import { markupCases } from "./markup-cases.ts";
import { mixedCases } from "./mixed-cases.ts";
import { networkCases } from "./network-cases.ts";
import { operationsCases } from "./operations-cases.ts";
import { packageCases } from "./package-cases.ts";
import { paperCases } from "./paper-cases.ts";
import { paperWorkCases } from "./paper-work-cases.ts";
import { proseCases } from "./prose-cases.ts";
import { publicCases } from "./public-cases.ts";
import { registerCases } from "./register-cases.ts";
import { reportedCases } from "./reported-cases.ts";
import { serviceCases } from "./service-cases.ts";
import { sessionCases } from "./session-cases.ts";
import { settingCases } from "./setting-cases.ts";
import { sheetCases } from "./sheet-cases.ts";
import { sourceCases } from "./source-cases.ts";
import { suiteCases } from "./suite-cases.ts";
import { toolOutputCases } from "./tool-output-cases.ts";
import type { Words } from "./words.ts";

export type Kinds = Readonly<Record<string, (words: Words) => FaithfulnessCase>>;

/** Kinds by family. */
export const families: Readonly<Record<string, Kinds>> = {
  prose: proseCases,
  transcripts: conversationCases,
  configuration: configurationCases,
  "tool output": toolOutputCases,
  code: codeCases,
  "HTML and XML": markupCases,
  languages: languageCases,
  manuals: manualCases,
  operations: operationsCases,
  histories: historyCases,
  listings: listingCases,
  "more sources": sourceCases,
  diagnostics: diagnosticCases,
  registers: registerCases,
  "reported elsewhere": reportedCases,
  machines: machineCases,
  services: serviceCases,
  packages: packageCases,
  "further sources": furtherSourceCases,
  exchange: exchangeCases,
  papers: paperCases,
  checkers: checkerCases,
  clusters: clusterCases,
  databases: databaseCases,
  dialogues: dialogueCases,
  documents: documentCases,
  hosts: hostCases,
  interfaces: interfaceCases,
  "logs of records": logRecordCases,
  settings: settingCases,
  suites: suiteCases,
  mixed: mixedCases,
  networks: networkCases,
  readers: publicCases,
  formats: formatCases,
  paperwork: paperWorkCases,
  sessions: sessionCases,
  fields: fieldCases,
  sheets: sheetCases,
};

/** The ways in which a text comes. */
export const forms: Readonly<Record<string, (sample: FaithfulnessCase) => ContextItem>> = {
  document: ({ name, text }) => ({ kind: "document", id: "document", title: name, text }),
  "a tool's text": ({ text }) => ({ kind: "tool", id: "tool", name: "shell.run", data: text }),
  "a file": ({ name, text }) => ({
    kind: "tool",
    id: "file",
    name: "file.read",
    data: { path: name, sizeBytes: text.length, content: text },
  }),
  "a field of a list": ({ name, text }) => ({
    kind: "tool",
    id: "list",
    name: "web.search",
    data: [
      { title: name, body: text },
      { title: "another", body: "Nothing was found in the other places that were looked at." },
    ],
  }),
};
