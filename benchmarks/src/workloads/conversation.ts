// Conversations with an assistant about a move, a trip or a project: facts fall early, the question comes at the end.
import type { SessionMessage } from "@nocp/contracts/session.ts";
import { type Random, unique } from "./random.ts";
import { cities, person, properName } from "./vocabulary.ts";
import type { Workload } from "./workload.ts";

/** A turn is what the user says and what the assistant answers. */
const turns = { small: 10, medium: 50, large: 200 } as const;
/** The fact lies in this first share of the turns. */
const earlyShare = 0.3;

interface Turn {
  readonly user: string;
  readonly assistant: string;
  /** What a later question can ask of this turn. */
  readonly fact?: { readonly kind: string; readonly query: string; readonly answer: string };
}

/** Assistants are wordy: each answer goes on with some of these. */
const elaborations = [
  "If you want, I can put that into a table so that you can compare the options side by side.",
  "One thing to keep in mind is that prices tend to go up in the weeks before the holidays, so deciding early usually pays.",
  "Most people in your situation start with what cannot be changed later and leave the details for the end.",
  "It is worth asking for everything in writing, because what is said on the phone is remembered differently by everybody.",
  "There are two common mistakes here: waiting too long for a third offer, and not reading the part about cancellation.",
  "A good rule of thumb is to add a fifth to whatever time the first plan says, and to tell others only the longer figure.",
  "Should that not work out, there is still the other way that we talked about, which takes longer but costs less.",
  "I would also check whether the neighbours have to be told, since some house rules ask for a week's notice.",
  "Let me know how it went, and we can adjust the list before it goes to everybody else.",
  "You could also ask a friend who has done it recently, because such things change from year to year.",
  "Before you decide, sleep on it for a night; nothing in what you describe has to be settled today.",
  "In short: keep the receipt, take a photograph of the state of things, and send both to yourself by e-mail.",
  "Some of that depends on where exactly it is, and I may be wrong about local rules, so please check with the town hall.",
  "As for the order of steps, begin with the measurements, then the offer, then the date, and only then the details.",
];

const months = "January February March April May June July August September October November December".split(" ");

const assents = [
  "Noted, I will come back to that when we get to it.",
  "That makes sense. I have written it down and will remind you before it becomes urgent.",
  "Good, that settles one of the open points; the rest can wait until next week.",
  "Understood. It fits what you told me before, so nothing else has to change.",
];

const factTurns: readonly ((random: Random, drawn: Set<string>) => Turn)[] = [
  (random, drawn) => {
    const code = unique(drawn, () => `${random.pick(["KX", "QT", "RM"])}-${random.digits(5)}`);
    const place = properName(random, drawn);
    return {
      user: `Before I forget: the contract with ${place} has the number ${code}. They ask for it every time I call, and I never have the letter at hand.`,
      assistant: random.pick(assents),
      fact: { kind: "what the user said early", query: `What is the number of the contract with ${place}?`, answer: code },
    };
  },
  (random, drawn) => {
    const price = unique(drawn, () => `${random.integer(2, 90)},${random.digits(3)}`);
    const hall = properName(random, drawn);
    return {
      user: `What would the ${hall} room cost for the whole weekend? We would be about ${random.integer(30, 90)} people and need a kitchen.`,
      assistant: `The ${hall} room is ${price} euros for the weekend, cleaning included. The kitchen can be used without extra charge as long as you bring your own dishes, and the deposit is returned within two weeks.`,
      fact: {
        kind: "what the assistant said early",
        query: `How many euros does the ${hall} room cost for the weekend?`,
        answer: price,
      },
    };
  },
  (random, drawn) => {
    const contact = person(random, drawn);
    const firm = properName(random, drawn);
    return {
      user: `I finally spoke to somebody at ${firm}. Our contact there is ${contact.name}, the address for everything in writing is ${contact.email}.`,
      assistant: random.pick(assents),
      fact: {
        kind: "what the user said early",
        query: `What is the e-mail address of our contact at ${firm}?`,
        answer: contact.email,
      },
    };
  },
  (random, drawn) => {
    const firm = properName(random, drawn);
    const day = unique(drawn, () => `${random.integer(1, 28)} ${random.pick(months)} ${random.integer(2027, 2040)}`);
    return {
      user: `We decided yesterday that the ${firm} part will be handed over on ${day}, no matter what the others say. Please plan everything backwards from there.`,
      assistant: `I will plan backwards from there: a month before for testing, two weeks for the translation, and a few days in reserve because something always takes longer.`,
      fact: { kind: "a decision made early", query: `On which date will the ${firm} part be handed over?`, answer: day },
    };
  },
];

const chatter: readonly ((random: Random) => Turn)[] = [
  (random) => ({
    user: `How is the weather in ${random.pick(cities)} at that time of the year? I have only been there in winter and remember a lot of wind.`,
    assistant: `Mild, as a rule, between ${random.integer(9, 15)} and ${random.integer(16, 24)} degrees, with a shower every few days. A light coat is enough, and most cafés put their chairs outside by then.`,
  }),
  (random) => ({
    user: `Can you explain again what the difference between the two insurance offers is? My ${random.pick(["brother", "neighbour", "colleague"])} says they are the same thing.`,
    assistant: `They cover the same damage but differ in the excess: with the first you pay the first ${random.integer(1, 9) * 100} euros yourself, with the second nothing, and its premium is higher for that. Over five years the first one is usually cheaper.`,
  }),
  (random) => ({
    user: `I read that ${random.pick(["oak", "larch", "bamboo"])} floors scratch easily. Is that true, or is it what the people say who sell tiles?`,
    assistant: `It depends on the finish more than on the wood. Oiled floors show scratches sooner but can be mended in one place; lacquered ones last longer and then need to be sanded as a whole.`,
  }),
  (random) => ({
    user: `Let us make a short list for ${random.pick(["Monday", "Thursday", "the weekend"])}. I do not want to forget anything, and my head is full.`,
    assistant: `Here is a short one: call the movers, measure the hallway, return the library books, and ask about the parking permit. The permit takes about ${random.integer(3, 12)} working days, so that one should come first.`,
  }),
  (random) => ({
    user: `Do you think ${random.integer(2, 9)} boxes are enough for the books? There are two shelves of them, and some are quite heavy.`,
    assistant: `Count on a box for each metre of shelf, and do not fill them to the top with books only. Put clothes on top of the books, then nobody hurts their back.`,
  }),
  (random) => ({
    user: `The train from ${random.pick(cities)} was late again, so I could not do what I had planned. I will try it tomorrow in the morning.`,
    assistant: `Tomorrow in the morning is fine, nothing depends on it today. If it does not work out, we can move the call with the landlord to the afternoon.`,
  }),
  (random) => ({
    user: `What did you think of the draft that I sent? The part about ${random.pick(["the garden", "the schedule", "the kitchen", "the guests"])} is still rather thin.`,
    assistant: `The beginning is clear and the tone is friendly. I would shorten the second paragraph, name the person who decides, and end with the one thing that you want from them.`,
  }),
  (random) => ({
    user: `Thanks, that helps. By the way, is there a rule for how much one tips in ${random.pick(["Portugal", "Denmark", "Austria", "Lithuania"])}?`,
    assistant: `There is no rule, people round up or leave between five and ten per cent when they were content. In places where one orders at the counter nobody expects anything.`,
  }),
];

/** @param asked the turn that says what is asked for. @param kind which kind of fact that is. */
export function createTurns(count: number, asked: number, kind: number, random: Random) {
  const drawn = new Set<string>();
  const spoken = Array.from({ length: count }, (_, position) => {
    if (position === asked) return factTurns[kind % factTurns.length]!(random, drawn);
    // One turn in four says something that could be asked for as well.
    return random.integer(1, 4) === 1 ? random.pick(factTurns)(random, drawn) : random.pick(chatter)(random);
  });
  return { turns: spoken.map((turn) => messagesOf(turn, random)), fact: spoken[asked]!.fact! };
}

export const conversation: Workload = {
  name: "conversation",
  label: { small: "10 turns", medium: "50 turns", large: "200 turns" },
  createCase(size, at, random) {
    const count = turns[size];
    const asked = random.integer(0, Math.max(0, Math.floor(count * earlyShare) - 1));
    const { turns: said, fact } = createTurns(count, asked, at, random);
    return { kind: fact.kind, query: fact.query, needs: [fact.answer], enough: "all", context: { turns: said } };
  },
};

function messagesOf({ user, assistant }: Turn, random: Random): SessionMessage[] {
  const more = random.shuffled(elaborations).slice(0, random.integer(1, 4));
  return [
    { role: "user", text: user },
    { role: "assistant", text: [assistant, ...more].join(" ") },
  ];
}
