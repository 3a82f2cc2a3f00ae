// Texts of one kind and any length, whose time alone is measured: CSV, Markdown, source code.
import type { Random } from "./random.ts";
import { cities } from "./vocabulary.ts";

const surnames = "Abel Brandt Costa Duval Eriksen Fontana Garcia Hansen Ivanova Jansen Kowalska Lindqvist".split(" ");
const nameOf = (random: Random): string => `${random.pick(surnames)}-${random.pick(surnames)}`;

/** An export of orders with a header, one field in quotes. */
export function createCsv(count: number, random: Random): string {
  const rows = Array.from({ length: count }, (_, at) =>
    [
      at + 1,
      `ORD-${random.digits(8)}`,
      random.pick(cities),
      `"${nameOf(random)}, ${nameOf(random)}"`,
      random.integer(1, 90),
      (random.integer(100, 90_000) / 100).toFixed(2),
      random.pick(["paid", "shipped", "refunded"]),
    ].join(","),
  );
  return ["id,order,city,customer,quantity,total,status", ...rows].join("\n");
}

/** Sections of a handbook: a heading, a paragraph and a list. */
export function createMarkdown(count: number, random: Random): string {
  const section = (at: number) =>
    [
      `${"#".repeat(2 + (at % 2))} ${nameOf(random)} in ${random.pick(cities)}`,
      "",
      `The team of ${nameOf(random)} keeps ${random.integer(2, 900)} machines there. It was founded in ${random.integer(1950, 2020)} and moved ${random.integer(1, 9)} times since.`,
      "",
      ...Array.from(
        { length: 4 },
        () => `- ${nameOf(random)} needs a permit from ${random.pick(cities)} after ${random.integer(1, 30)} days.`,
      ),
      "",
    ].join("\n");
  return Array.from({ length: count }, (_, at) => section(at)).join("\n");
}

/** Functions of a TypeScript file. */
export function createSource(count: number, random: Random): string {
  const declaration = (at: number) =>
    [
      `/** Orders of ${random.pick(cities)} that are older than ${random.integer(2, 90)} days. */`,
      `export function select${at}(orders: readonly Order[], limit: number): Order[] {`,
      `  const chosen = orders.filter(({ age }) => age > ${random.integer(2, 90)});`,
      `  if (chosen.length > limit) throw new RangeError("too many orders: " + chosen.length);`,
      `  return chosen.sort((one, other) => one.total - other.total).slice(0, ${random.integer(1, 500)});`,
      "}",
      "",
    ].join("\n");
  return `import type { Order } from "./order.ts";\n\n${Array.from({ length: count }, (_, at) => declaration(at)).join("\n")}`;
}
