// Measures definitions of tools in each of the forms that a request can ask for.
import { selectTools } from "@nocp/assess/tool-definitions/select-tools.ts";
import { offeredWith } from "@nocp/assess/tool-definitions/send-tools.ts";
import { compactTool, shortTool } from "@nocp/assess/tool-definitions/tool-definitions.ts";
import type { OfferedTool } from "@nocp/contracts/prompt.ts";
import { countTools } from "@nocp/models/tokens/count-chat.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { githubTools } from "./github-tools.ts";
import { filesystemTools, localTools } from "./local-tools.ts";
import { officeTools, slackTools } from "./office-tools.ts";
import { type ToolQuestion, toolQuestions } from "./tool-questions.ts";
import { unseenQuestions } from "./unseen-questions.ts";

export interface ToolSetFigures {
  readonly set: string;
  /** `selected`: the mean over the questions. */
  readonly tokens: Readonly<Record<"whole" | "compact" | "short" | "selected", number>>;
  readonly questions: number;
  /** Questions that lack a tool they need. */
  readonly lost: readonly string[];
  /** Questions that are offered all tools, because they do not tell which they need. */
  readonly undecided: readonly string[];
}

const everyTool = [...githubTools, ...officeTools, ...localTools];

/** As clients name the tools of several servers. */
const withServer = (server: string, tools: readonly OfferedTool[]): OfferedTool[] =>
  tools.map((tool) => ({ ...tool, name: `mcp__${server}__${tool.name}` }));
const prefixedTools = [
  ...withServer("github", githubTools),
  ...withServer("office", officeTools),
  ...withServer("local", localTools),
];

export const measureToolSets = (counter: TokenCounter): ToolSetFigures[] => [
  measure("5", everyTool.slice(-5), toolQuestions, counter),
  measure("20", [...slackTools, ...filesystemTools], toolQuestions, counter),
  measure(String(everyTool.length), everyTool, toolQuestions, counter),
  measure(`${prefixedTools.length}, with their server's name`, prefixedTools, toolQuestions, counter),
  measure(`${everyTool.length}, unseen questions`, everyTool, unseenQuestions, counter),
];

function measure(
  set: string,
  tools: readonly OfferedTool[],
  all: readonly ToolQuestion[],
  counter: TokenCounter,
): ToolSetFigures {
  const questions = all.filter(({ needs }) => hasAll(tools, needs));
  const outcomes = questions.map(({ question, needs }) => {
    const selected = selectTools(tools, [{ role: "user", text: question }]);
    const sent = offeredWith({ ...selected, offered: selected.offered.map(compactTool) });
    return {
      question,
      isOffered: hasAll(selected.offered, needs),
      isUndecided: selected.held.length === 0,
      tokens: countTools(counter, sent),
    };
  });
  return {
    set,
    tokens: {
      whole: countTools(counter, tools),
      compact: countTools(counter, tools.map(compactTool)),
      short: countTools(counter, tools.map(shortTool)),
      selected: outcomes.reduce((sum, { tokens }) => sum + tokens, 0) / outcomes.length,
    },
    questions: questions.length,
    lost: outcomes.filter(({ isOffered }) => !isOffered).map(({ question }) => question),
    undecided: outcomes.filter(({ isUndecided }) => isUndecided).map(({ question }) => question),
  };
}

const hasAll = (tools: readonly OfferedTool[], needs: ToolQuestion["needs"]): boolean =>
  needs.every((need) => need.split("|").some((name) => tools.some((tool) => tool.name.split("__").at(-1) === name)));
