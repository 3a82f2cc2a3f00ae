// Two hundred turns through the real handlers and the real store: the budget is kept, and old facts are found.
import type { ContextOptimized } from "@nocp/contracts/messages.ts";
import { countChat, countPrompt } from "@nocp/models/tokens/count-chat.ts";
import type { SessionStore } from "@nocp/runtime/stores/sessions/session-store.ts";
import { type NatsTestServer, startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { counter, createConversationDriver, defaultRules } from "../fixtures/conversation-driver.ts";
import { atLength, chineseSmallTalk, type Exchange, smallTalk } from "../fixtures/long-conversation.ts";

let server: NatsTestServer;
let broker: Broker;
let sessions: SessionStore;

beforeAll(async () => {
  server = await startNatsTestServer();
  broker = await openTestBroker(server.url);
  sessions = await broker.sessions(5000);
});
afterAll(async () => {
  await broker?.close();
  await server?.stop();
});

interface Fact {
  readonly kind: string;
  readonly turn: number;
  readonly said: Exchange;
  readonly question: string;
  readonly expected: string;
}

const facts: readonly Fact[] = [
  {
    kind: "identifier",
    turn: 3,
    said: { query: "My booking code is QX-7731 and I sit in row 12.", answer: "Noted." },
    question: "What is my booking code?",
    expected: "QX-7731",
  },
  {
    kind: "number",
    turn: 7,
    said: { query: "The pump in the basement delivers 48.5 litres a minute.", answer: "That is plenty." },
    question: "How many litres does the pump deliver?",
    expected: "48.5",
  },
  {
    kind: "name",
    turn: 12,
    said: { query: "Who should I call about the lease?", answer: "Call Marguerite Oyelaran, she handles every lease." },
    question: "Who handles the lease?",
    expected: "Marguerite Oyelaran",
  },
  {
    kind: "decision",
    turn: 25,
    said: { query: "We decided to run the order service on PostgreSQL, not on MySQL.", answer: "Good." },
    question: "Which database did we choose for the order service?",
    expected: "PostgreSQL",
  },
  {
    kind: "decision in other words",
    turn: 60,
    said: { query: "Let's go with Kerstin's proposal for the logo, the one with the heron.", answer: "The heron it is." },
    question: "Which bird is on the logo?",
    expected: "heron",
  },
  {
    kind: "address",
    turn: 110,
    said: { query: "Invoices go to billing+eu@northwind.example from now on.", answer: "I will use it." },
    question: "Where do invoices go?",
    expected: "billing+eu@northwind.example",
  },
  {
    kind: "a fact inside a long message",
    turn: 140,
    said: {
      query: `${Array.from({ length: 60 }, (_, at) => `Paragraph ${at} of the minutes is about the annual fair and its ${at + 3} stalls.`).join(" ")} The spare key lies under the blue flowerpot. ${Array.from({ length: 60 }, (_, at) => `Later the board spoke of parking for ${at + 5} cars.`).join(" ")}`,
      answer: "A long meeting.",
    },
    question: "Where does the spare key lie?",
    expected: "blue flowerpot",
  },
  {
    kind: "a fact in the answer",
    turn: 160,
    said: { query: "How long does the glue need to dry?", answer: "It needs 36 hours at room temperature." },
    question: "How many hours must the glue dry?",
    expected: "36 hours",
  },
];

/** Asked for in words that the fact does not have: only what was kept of all that was said can tell. */
const unasked: readonly Fact[] = [
  {
    kind: "in other words",
    turn: 33,
    said: { query: "My daughter is allergic to peanuts.", answer: "I will remember." },
    question: "Which foods must the kid avoid?",
    expected: "peanuts",
  },
];

const chineseFacts: readonly Fact[] = [
  {
    kind: "identifier",
    turn: 3,
    said: { query: "我的订单号是QX-7731,请记住。", answer: "好的,已经记下。" },
    question: "我的订单号是多少?",
    expected: "QX-7731",
  },
  {
    kind: "name",
    turn: 18,
    said: { query: "项目经理叫欧阳明月,她负责预算。", answer: "明白。" },
    question: "谁负责预算?",
    expected: "欧阳明月",
  },
  {
    kind: "decision",
    turn: 40,
    said: { query: "会议决定把发布日期推迟到九月十八日。", answer: "收到。" },
    question: "发布日期推迟到哪一天?",
    expected: "九月十八日",
  },
  {
    kind: "number",
    turn: 120,
    said: { query: "服务器机房的温度必须保持在21.5度。", answer: "知道了。" },
    question: "机房的温度要保持多少度?",
    expected: "21.5度",
  },
];

const turns = 200;
/** What the conversation takes of the prompt: its history and its part of the context. */
const conversationTokens = ({ prompt }: ContextOptimized): number =>
  countChat(counter, prompt.history) + (prompt.context === "" ? 0 : counter.count(prompt.context));

async function holdConversation(id: string, told: readonly Fact[], talk: (at: number) => Exchange) {
  const driver = await createConversationDriver(sessions);
  const largest = { tokens: 0, turn: 0 };
  let raw = 0;
  for (let turn = 1; turn < turns; turn++) {
    const { query, answer } = told.find((fact) => fact.turn === turn)?.said ?? talk(turn);
    const { prompt } = await driver.say({ query, session: { id } }, answer);
    const tokens = conversationTokens(prompt);
    if (tokens > largest.tokens) Object.assign(largest, { tokens, turn });
    expect(prompt.inputTokens.raw).toBeGreaterThan(raw - 1);
    raw = prompt.inputTokens.raw;
  }
  return { driver, largest, raw };
}

const seenIn = ({ prompt }: ContextOptimized): string => [prompt.context, ...prompt.history.map(({ text }) => text)].join("\n");

test.each([
  ["english", [...facts, ...unasked], atLength(smallTalk)],
  ["chinese", chineseFacts, atLength(chineseSmallTalk)],
] as const)(
  "at turn 200 of a conversation in %s, facts of old turns are in a prompt within its budget",
  async (id, told, talk) => {
    const { driver, largest, raw } = await holdConversation(id, told, talk);
    expect(largest.tokens).toBeLessThanOrEqual(defaultRules.maxTokens + 3);
    const found = await Promise.all(
      told.map(async ({ kind, turn, question, expected }) => {
        const optimized = await driver.assess({ query: question, session: { id } });
        expect(conversationTokens(optimized)).toBeLessThanOrEqual(defaultRules.maxTokens + 3);
        expect(optimized.strategies.find(({ strategy }) => strategy === "conversation-compaction")?.justification).toMatch(
          /\d+ messages of \d+ turns recalled/,
        );
        return { kind, turn, found: seenIn(optimized).includes(expected) };
      }),
    );
    expect(found.filter((fact) => !fact.found)).toEqual([]);
    const head = (await sessions.head({ tenant: "default", id }))?.head;
    expect(head).toMatchObject({ turns: turns - 1, status: "active" });
    expect(head?.totals.compactions).toBe(head?.summary.generations);
    expect(head?.summary.generations).toBeGreaterThan(3);
    expect(JSON.stringify(head).length).toBeLessThan(100_000);
    const last = await driver.assess({ query: "And now?", session: { id } });
    expect(last.prompt.history).toHaveLength(2 * defaultRules.lastTurns);
    expect(last.inputTokens.raw).toBeGreaterThan(raw);
    const whole = await driver.assess({ query: "And now?", session: { id }, compression: { mode: "off" } });
    expect(whole.prompt.history).toHaveLength(2 * (turns - 1));
    expect(last.inputTokens).toEqual({ raw: countPrompt(counter, whole.prompt), optimized: countPrompt(counter, last.prompt) });
    expect(whole.inputTokens).toEqual({ raw: last.inputTokens.raw, optimized: last.inputTokens.raw });
    console.log(
      `${id}: ${last.inputTokens.raw} raw, ${last.inputTokens.optimized} sent at turn ${turns}; at most ${largest.tokens} at turn ${largest.turn}; ` +
        `summary generation ${head?.summary.generations}; head ${JSON.stringify(head).length} characters`,
    );
  },
);
