// Words that the made-up people, places and things of the workloads are put together from.
import { type Random, unique } from "./random.ts";

const firstNames =
  "Amara Bjorn Carmen Dmitri Elif Farid Greta Hiro Ines Jamal Katya Luca Mireille Nadia Oskar Priya Quentin Rosa Soren Tariq Ursula Viktor Wanda Ximena Yusuf Zofia Anselm Beatriz Chidi Daphne".split(
    " ",
  );
const lastNames =
  "Abernathy Bakker Castellano Drummond Eriksen Fontaine Gallagher Halvorsen Ishikawa Jankowski Kowalczyk Lindqvist Moreau Novak Okafor Petrov Quiroga Rasmussen Santangelo Thibault Ueda Vandermeer Whitlock Yamamoto Zielinski Ashworth Brandt Corrigan Delacroix Engstrom".split(
    " ",
  );
export const cities =
  "Aarhus Bergen Coimbra Dresden Esbjerg Florence Ghent Haarlem Innsbruck Jena Kaunas Lucerne Malaga Nantes Odense Porto Quimper Rostock Salzburg Tampere Uppsala Valencia Wroclaw York Zagreb".split(
    " ",
  );
const adjectives =
  "Amber Brisk Cobalt Dapple Ember Fallow Granite Hollow Ivory Juniper Kestrel Larkspur Marble Nimbus Onyx Pewter Quartz Russet Slate Thistle Umber Velvet Willow Yarrow Zephyr Aspen Birch Cinder Drift Elm".split(
    " ",
  );
const nouns =
  "Anchor Beacon Compass Drum Engine Falcon Gate Harbor Index Journal Keystone Lantern Meadow Needle Orchard Pillar Quarry Ridge Signal Tower".split(
    " ",
  );

export interface Person {
  readonly name: string;
  readonly email: string;
}

export function person(random: Random, drawn: Set<string>): Person {
  // 900 names, then as many for every middle initial.
  const name = unique(drawn, () => {
    const middle =
      drawn.size < 600
        ? ""
        : ` ${String.fromCharCode(65 + random.integer(0, 25))}${random.digits(1 + Math.floor(drawn.size / 20_000))}`;
    return `${random.pick(firstNames)}${middle} ${random.pick(lastNames)}`;
  });
  const domain = random.pick(["example.com", "example.org", "mail.example.net"]);
  return {
    name,
    email: `${name.toLowerCase().replaceAll(" ", random.pick([".", "_", "-"]))}${random.integer(10, 99)}@${domain}`,
  };
}

/** Two words, and a third of them once the pairs run out: then a number as well. */
export function properName(random: Random, drawn: Set<string>): string {
  return unique(drawn, () => {
    const pair = `${random.pick(adjectives)} ${random.pick(nouns)}`;
    if (drawn.size < 400) return pair;
    return drawn.size < 8000 ? `${random.pick(adjectives)} ${pair}` : `${random.pick(adjectives)} ${pair} ${random.digits(5)}`;
  });
}

/** An ISO 8601 time of 2026, to the second. */
export const timestamp = (random: Random): string =>
  new Date(Date.UTC(2026, 0, 1) + random.integer(0, 300 * 86_400) * 1000).toISOString().replace(".000", "");

/** An amount with two decimals that was not drawn before; never a round one, so that its text is always the same. */
export const amount = (random: Random, drawn: Set<number>, from: number, to: number): number =>
  unique(drawn, () => (random.integer(from, to) * 100 + random.integer(1, 9) * 10 + random.integer(1, 9)) / 100);
