// Fails for a regular expression whose work grows faster than its input: content reaches them, and must not stall a service.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { check } from "recheck";
import { type FoundExpression, findExpressions } from "./find-expressions.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** `polynomial 2` and the like, with an input that shows it; empty for linear work. */
interface Verdict {
  readonly growth: string;
  readonly degree: number;
  readonly attack: string;
}

/** Where inputs are short whatever the content: the square of their length is small, its cube is not. */
const shortInputs: readonly RegExp[] = [
  // Beginnings of lines, at most `headLength` characters.
  /^shared\/text\/src\/structure\/(?:kinds\/|failure\.ts|heading\.ts|log-event\.ts)/,
  // Addresses from settings.
  /^shared\/runtime\/src\/config\/url-credentials\.ts/,
];
const maxDegree = (place: string): number => (shortInputs.some((pattern) => pattern.test(place)) ? 2 : 1);
/** Without one of these, work for each position has a limit. */
const isUnlimited = /[*+]|\{\d+,\}/;

const linear: Verdict = { growth: "", degree: 1, attack: "" };

/** Milliseconds for one expression. What is not decided by then passes; the tests of growth look at it as a whole. */
const timeout = 2000;

/** Verdicts outlast a run: deciding a hundred of the expressions takes a second each. */
const cacheFile = join(root, "node_modules", ".cache", "nocp", "regular-expressions.json");

const expressions = await findExpressions(root);
const verdicts = await judge(expressions);
const found = expressions.flatMap(({ source, flags, place }) => {
  const { growth, degree, attack } = verdicts.get(`/${source}/${flags}`) as Verdict;
  return degree > maxDegree(place) ? [`${place}: ${growth}: /${source}/${flags}\n    for instance ${attack}`] : [];
});
for (const line of found) console.error(line);
console.log(`${expressions.length} regular expressions, ${found.length} of them do more than linear work`);
process.exit(found.length === 0 ? 0 : 1);

async function judge(wanted: readonly FoundExpression[]): Promise<ReadonlyMap<string, Verdict>> {
  const known = new Map<string, Verdict>(Object.entries(readCache()));
  const all = new Map(wanted.map((expression) => [`/${expression.source}/${expression.flags}`, expression]));
  // One at a time: the checker takes a processor for each.
  for (const [key, expression] of all) if (!known.has(key)) known.set(key, await verdictOf(expression));
  const used = new Map([...known].filter(([key]) => all.has(key)));
  mkdirSync(dirname(cacheFile), { recursive: true });
  writeFileSync(cacheFile, JSON.stringify(Object.fromEntries(used)));
  return used;
}

/** The checker does not know groups of one name in several alternatives; names mean nothing to it. */
async function verdictOf({ source, flags }: FoundExpression): Promise<Verdict> {
  if (!isUnlimited.test(source)) return linear;
  const unnamed = source.includes("\\k<") ? source : source.replace(/\(\?<[A-Za-z_]\w*>/g, "(");
  const result = await check(unnamed, flags.replace("v", "u"), { timeout });
  if (result.status !== "vulnerable") return linear;
  const { complexity, attack } = result;
  const degree = complexity.type === "polynomial" ? complexity.degree : Number.MAX_SAFE_INTEGER;
  return {
    growth: complexity.type === "polynomial" ? `polynomial, degree ${degree}` : "exponential",
    degree,
    attack: attack.pattern,
  };
}

function readCache(): Record<string, Verdict> {
  try {
    return JSON.parse(readFileSync(cacheFile, "utf8")) as Record<string, Verdict>;
  } catch {
    return {};
  }
}
