// Chats of several friends over many sessions, and questions about what one of them told, with the turns that tell it.
import type { MessageItem } from "@nocp/contracts/context-item.ts";
import { createRandom, type Random } from "../workloads/random.ts";
import type { ChatFact } from "./chat-fact.ts";
import { openers, reactions, remarks } from "./chat-small-talk.ts";
import { chatTopics } from "./chat-topics.ts";
import type { RecallCase, RecallSet } from "./recall-case.ts";

const names = ["Amara", "Jonas", "Priya", "Felix", "Noor", "Dario", "Greta", "Tomasz", "Ines", "Kofi"];

export interface LongChatOptions {
  readonly seed: string;
  readonly chats: number;
  readonly questionsPerChat: number;
}

/** Exchanges in a session, and sessions: about 600 turns. */
const exchanges = { least: 3, most: 6 } as const;
const sessionCount = 26;
const speakers = { least: 2, most: 4 } as const;
/** How often a fact that is told several times is told. */
const timesRepeated = 3;
/** One exchange in so many is about nothing in particular. */
const idleExchange = 3;

interface Told {
  readonly fact: ChatFact;
  readonly name: string;
  readonly turns: string[];
}

/** The same for the same seed. */
export function createLongChats({ seed, chats, questionsPerChat }: LongChatOptions): RecallSet {
  const cases = Array.from({ length: chats }, (_, at) => {
    const random = createRandom(`${seed}/${at}`);
    const { items, told } = createChat(random);
    return random
      .shuffled(told)
      .slice(0, questionsPerChat)
      .map(({ fact, name, turns }, question): RecallCase => {
        const query = fact.asks[question % fact.asks.length]!.replaceAll("{name}", name);
        return { id: `${seed}-${at}-${question}`, query, items, needs: turns, counts: "share" };
      });
  });
  return { name: `long chats, seed ${seed}`, cases: cases.flat() };
}

function createChat(random: Random): { items: MessageItem[]; told: Told[] } {
  const present = random.shuffled(names).slice(0, random.integer(speakers.least, speakers.most));
  const toTell = factsToTell(present, random);
  const told = new Map<string, Told>();
  const items: MessageItem[] = [];
  const say = (role: string, text: string) => {
    const [other = role] = random.shuffled(present.filter((name) => name !== role));
    const said = text.replaceAll("{other}", other);
    items.push({ kind: "message", id: `t${items.length}`, role, text: said });
    return said;
  };
  const reply = (to: string, lines: readonly string[]) =>
    say(random.pick(present.filter((name) => name !== to)), random.pick(lines));

  for (let session = 0; session < sessionCount; session++) {
    const host = random.pick(present);
    say(host, random.pick(openers));
    reply(host, remarks);
    for (let exchange = random.integer(exchanges.least, exchanges.most); exchange > 0; exchange--) {
      const { chatter } = random.pick(chatTopics);
      const next = random.integer(1, idleExchange) === 1 ? undefined : toTell.pop();
      if (next === undefined) {
        const speaker = random.pick(present);
        say(speaker, random.pick(chatter));
        reply(speaker, reactions);
        continue;
      }
      const { fact, name, value } = next;
      if (fact.lead !== "") reply(name, [fact.lead]);
      const turn = say(name, fact.say.replaceAll("{v}", value));
      const key = `${name}/${fact.say}`;
      const known = told.get(key) ?? { fact, name, turns: [] };
      known.turns.push(turn);
      told.set(key, known);
      reply(name, reactions);
      say(name, random.pick(remarks));
    }
  }
  return { items, told: [...told.values()] };
}

/** Everybody may tell everything, with values of their own: a question is about one of them. */
function factsToTell(present: readonly string[], random: Random) {
  const all = chatTopics.flatMap(({ facts }) =>
    facts.flatMap((fact) => {
      const values = random.shuffled(fact.values);
      const times = fact.repeats ? timesRepeated : 1;
      return present.flatMap((name, at) =>
        Array.from({ length: times }, (_, time) => ({
          fact,
          name,
          value: values[(at * times + time) % values.length]!,
        })),
      );
    }),
  );
  return random.shuffled(all);
}
