// Documents of a company's knowledge base: five kinds of pages, the same facts with other values on each of a kind.

import { type Random, unique } from "./random.ts";
import { cities, person, properName } from "./vocabulary.ts";

/** A fact of a page, as a question asks for it; `answer` stands on that page alone. */
export interface PageFact {
  readonly query: string;
  readonly answer: string;
}

export interface Page {
  readonly title: string;
  readonly text: string;
  readonly facts: readonly PageFact[];
  /** Leads to another page: the subject that runs this one. */
  readonly operator?: string;
  readonly subject: string;
}

/** Values that were used, so that each answer is one page's own. */
export interface Drawn {
  readonly names: Set<string>;
  readonly numbers: Set<number>;
}

/** The range grows with what was drawn, so that there is always a new one to find. */
const number = (random: Random, { numbers }: Drawn, from: number, to: number): string =>
  unique(numbers, () => random.integer(from, to * (1 + Math.floor(numbers.size / 100)))).toLocaleString("en-US");

type WritePage = (random: Random, drawn: Drawn, operator: string) => Page;

const page = (
  title: string,
  subject: string,
  sentences: readonly string[],
  facts: readonly PageFact[],
  operator?: string,
): Page => ({
  title,
  subject,
  // A paragraph of four sentences, as people write them.
  text: Array.from({ length: Math.ceil(sentences.length / 4) }, (_, at) => sentences.slice(at * 4, at * 4 + 4).join(" ")).join(
    "\n\n",
  ),
  facts,
  ...(operator === undefined ? {} : { operator }),
});

const service: WritePage = (random, drawn, operator) => {
  const subject = properName(random, drawn.names);
  const owner = person(random, drawn.names);
  const [retention, limit, port] = [
    number(random, drawn, 101, 5000),
    number(random, drawn, 1000, 90_000),
    number(random, drawn, 10_000, 60_000),
  ];
  return page(
    `${subject}: service handbook`,
    subject,
    [
      `${subject} is the service that ${random.pick(["takes in orders", "sends notifications", "keeps the audit log", "renders invoices"])} for the ${random.pick(["retail", "wholesale", "subscription"])} business.`,
      `It has been in production since ${random.integer(2012, 2025)} and is built on ${random.pick(["Kotlin", "Go", "Elixir", "TypeScript"])}.`,
      `The service is operated by ${operator}, which also answers for its budget.`,
      `Its technical owner is ${owner.name}, who can be reached at ${owner.email}.`,
      `Requests come in over ${random.pick(["HTTP", "gRPC", "a message queue"])} and are acknowledged before anything else happens.`,
      `Records are kept for ${retention} days and then deleted by a job that runs at night.`,
      `A client may send at most ${limit} requests an hour; more than that are answered with the status 429.`,
      `The administrative interface listens on port ${port} and is reachable from the internal network only.`,
      "Deployments happen on weekdays before three in the afternoon, so that somebody is there to look at the graphs.",
      `When the queue grows, a second instance is started by hand, because automatic scaling ${random.pick(["was switched off after it flapped", "has never been approved", "is still being tested"])}.`,
      "Logs are written as JSON lines and searched with the usual tools; the dashboards are linked from the start page.",
      `The on-call rotation has ${random.integer(3, 9)} people and changes every ${random.pick(["Monday", "Tuesday", "Thursday"])}.`,
      "Questions about access go to the service desk, which usually answers within the same working day.",
    ],
    [
      { query: `For how many days does ${subject} keep its records?`, answer: retention },
      { query: `How many requests an hour may one client send to ${subject}?`, answer: limit },
      { query: `Who is the technical owner of ${subject}?`, answer: owner.name },
      { query: `On which port is the administrative interface of ${subject}?`, answer: port },
    ],
    operator,
  );
};

const company: WritePage = (random, drawn) => {
  const subject = `${properName(random, drawn.names)} ${random.pick(["GmbH", "Ltd", "AS", "SARL"])}`;
  const head = person(random, drawn.names);
  const [employees, revenue, street] = [
    number(random, drawn, 101, 9000),
    number(random, drawn, 101, 9000),
    number(random, drawn, 101, 9999),
  ];
  const city = random.pick(cities);
  return page(
    `${subject}: company profile`,
    subject,
    [
      `${subject} was founded in ${random.integer(1920, 2015)} by two ${random.pick(["engineers", "merchants", "teachers", "cousins"])} with a loan from a savings bank.`,
      `Its headquarters are at ${street} ${random.pick(["Harbour Street", "Linden Avenue", "Castle Road"])} in ${city}.`,
      `The company is led by ${head.name}, who came from ${random.pick(["the railways", "a competitor", "the board of a bank"])}.`,
      `It employs ${employees} people, most of them in production and logistics.`,
      `In the last financial year it turned over ${revenue} million euros, a little ${random.pick(["more", "less"])} than the year before.`,
      `Its main market is ${random.pick(["northern Europe", "the Iberian peninsula", "the Baltic states"])}, where it competes with three larger groups.`,
      "The works council and the management meet every quarter and publish the minutes.",
      `A new building for ${random.pick(["research", "packaging", "training"])} is planned but has not been approved.`,
      "The annual report is printed on request; everybody else reads it on the website.",
      `Since ${random.integer(2016, 2025)} the company has bought its electricity from a wind park nearby.`,
      "Analysts describe the balance sheet as solid and the communication as sparse.",
      `Apprentices are trained in ${random.integer(4, 11)} trades, and most of them stay.`,
    ],
    [
      { query: `How many people does ${subject} employ?`, answer: employees },
      { query: `Who leads ${subject}?`, answer: head.name },
      { query: `What was the turnover of ${subject} in the last financial year?`, answer: revenue },
    ],
  );
};

const incident: WritePage = (random, drawn, operator) => {
  const subject = properName(random, drawn.names);
  const [minutes, affected, ticket] = [
    number(random, drawn, 101, 3000),
    number(random, drawn, 1000, 99_000),
    number(random, drawn, 100_000, 999_999),
  ];
  const cause = unique(drawn.names, () => `certificate ${random.hex(8)} that had expired`);
  return page(
    `Incident report: ${subject}`,
    subject,
    [
      `On a ${random.pick(["Monday", "Wednesday", "Saturday"])} in ${random.pick(["March", "June", "October"])} the checkout of ${subject} stopped answering.`,
      `The first alert came from a customer, not from monitoring, which had been ${random.pick(["silenced for maintenance", "looking at the wrong host", "down itself"])}.`,
      `The outage lasted ${minutes} minutes until traffic flowed again.`,
      `In that time ${affected} customers saw an error page, and about a third of them came back on the same day.`,
      `The root cause was a ${cause}, as the logs of the proxy showed in hindsight.`,
      `The hosting partner ${operator} was called in and took part in the review.`,
      "A rollback was tried first and made no difference, because the configuration was read at start-up only.",
      "Communication was good inside the team and late towards the public.",
      `The follow-up work is tracked in ticket ${ticket} and has an owner and a date.`,
      "What went well: the runbook was found at once, and two people who were off duty helped.",
      "What did not: access to the second data centre had to be requested in the middle of the night.",
      `A similar incident had happened ${random.integer(2, 9)} years earlier and was forgotten.`,
    ],
    [
      { query: `How many minutes did the outage of the ${subject} checkout last?`, answer: minutes },
      { query: `How many customers were affected by the ${subject} incident?`, answer: affected },
      { query: `What was the root cause of the ${subject} incident?`, answer: cause.split(" ")[1]! },
      { query: `Which ticket tracks the follow-up of the ${subject} incident?`, answer: ticket },
    ],
    operator,
  );
};

const policy: WritePage = (random, drawn) => {
  const subject = properName(random, drawn.names);
  const approver = person(random, drawn.names);
  const [allowance, threshold, days] = [
    number(random, drawn, 101, 900),
    number(random, drawn, 1000, 20_000),
    number(random, drawn, 101, 400),
  ];
  return page(
    `${subject} programme: rules and limits`,
    subject,
    [
      `The ${subject} programme covers travel, equipment and training for everybody with a permanent contract.`,
      "It replaces the older rules, which had grown by amendments until nobody could follow them.",
      `Meals are refunded up to ${allowance} euros a day against a receipt.`,
      `Purchases above ${threshold} euros need a second signature before they are ordered.`,
      `Claims must be handed in within ${days} days, later ones are refused without discussion.`,
      `Exceptions are granted by ${approver.name}, in writing and beforehand.`,
      "Trains are preferred to flights wherever the journey takes less than six hours.",
      `Equipment stays the company's and is returned in the state in which it was ${random.pick(["received", "last inspected"])}.`,
      "Private use of what is bought here is allowed as long as it does no harm.",
      "The rules are reviewed in autumn; comments are welcome and are answered.",
      `A short version hangs in the kitchen of the ${random.pick(["first", "second", "third"])} floor.`,
      "In case of doubt the text on the intranet is the one that counts.",
    ],
    [
      { query: `Up to how many euros a day are meals refunded under the ${subject} programme?`, answer: allowance },
      { query: `Above which amount does a purchase in the ${subject} programme need a second signature?`, answer: threshold },
      { query: `Who grants exceptions in the ${subject} programme?`, answer: approver.name },
    ],
  );
};

const plant: WritePage = (random, drawn, operator) => {
  const subject = properName(random, drawn.names);
  const [capacity, depth, workers] = [
    number(random, drawn, 1000, 80_000),
    number(random, drawn, 101, 3000),
    number(random, drawn, 101, 3000),
  ];
  return page(
    `${subject} plant`,
    subject,
    [
      `The ${subject} plant lies ${random.integer(3, 40)} kilometres outside ${random.pick(cities)}, where the river makes a bend.`,
      `It belongs to ${operator} and was bought from the municipality.`,
      `At full load it treats ${capacity} cubic metres of water a day.`,
      `The deepest of its wells reaches ${depth} metres into the limestone.`,
      `${workers} people work there in three shifts, a third of them part-time.`,
      "Visitors are welcome on the first Saturday of the month and get a helmet.",
      `The filters are renewed every ${random.integer(2, 9)} years, one line at a time, so that operation never stops.`,
      "An extension to the north was discussed at length and given up because of the soil.",
      "Energy comes from a small turbine, from the grid, and in summer from panels on the roof of the hall.",
      "The laboratory takes samples every four hours and publishes the results on the same day.",
      `In ${random.integer(1998, 2022)} a flood stood up to the window sills, which a brass plate recalls.`,
      "Neighbours complain about the smell perhaps twice a year, mostly in still weather.",
    ],
    [
      { query: `How many cubic metres of water a day does the ${subject} plant treat?`, answer: capacity },
      { query: `How deep is the deepest well of the ${subject} plant?`, answer: depth },
      { query: `How many people work at the ${subject} plant?`, answer: workers },
    ],
    operator,
  );
};

const kinds = [service, incident, policy, plant];

/** Pages in random order; one in five is a company, and companies run what other pages describe. */
export function createPages(count: number, random: Random): Page[] {
  const drawn: Drawn = { names: new Set(), numbers: new Set() };
  const companies = Array.from({ length: Math.max(1, Math.floor(count / 5)) }, () => company(random, drawn, ""));
  const others = Array.from({ length: count - companies.length }, (_, at) =>
    kinds[at % kinds.length]!(random, drawn, random.pick(companies).subject),
  );
  return random.shuffled([...companies, ...others]);
}
