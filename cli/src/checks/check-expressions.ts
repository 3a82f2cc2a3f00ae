// Fails for a regular expression whose work grows faster than its input: content reaches them, and must not stall a service.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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

/**
 * Expressions that were judged linear, one fingerprint a line. It is committed: deciding a hundred of them takes a second each,
 * and a fresh checkout need not do it again. Without the file everything is judged anew.
 */
const judgedFile = join(root, "cli/src/checks/judged-expressions.txt");
/** A new version of the checker may judge differently. */
const checker = `recheck ${checkerVersion()}`;
const fingerprintOf = (key: string): string => createHash("sha256").update(`${checker}\n${key}`).digest("hex").slice(0, 16);

const expressions = await findExpressions(root);
const verdicts = await judge(expressions);
const found = expressions.flatMap(({ source, flags, place }) => {
  const { growth, degree, attack } = verdicts.get(`/${source}/${flags}`) as Verdict;
  return degree > maxDegree(place) ? [`${place}: ${growth}: /${source}/${flags}\n    for instance ${attack}`] : [];
});
for (const line of found) console.error(line);
console.log(`${expressions.length} regular expressions, ${found.length} of them do more than linear work`);
process.exit(found.length === 0 ? 0 : 1);

function checkerVersion(): string {
  const manifest = JSON.parse(readFileSync(join(root, "cli/package.json"), "utf8")) as { devDependencies: { recheck: string } };
  return manifest.devDependencies.recheck;
}

async function judge(wanted: readonly FoundExpression[]): Promise<ReadonlyMap<string, Verdict>> {
  const judged = new Set(readJudged());
  const verdicts = new Map<string, Verdict>();
  // One at a time: the checker takes a processor for each.
  for (const expression of wanted) {
    const key = `/${expression.source}/${expression.flags}`;
    if (!verdicts.has(key)) verdicts.set(key, judged.has(fingerprintOf(key)) ? linear : await verdictOf(expression));
  }
  const fingerprints = [...verdicts].filter(([, { degree }]) => degree === 1).map(([key]) => fingerprintOf(key));
  writeFileSync(judgedFile, `${fingerprints.sort().join("\n")}\n`);
  return verdicts;
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

function readJudged(): string[] {
  try {
    return readFileSync(judgedFile, "utf8").split("\n");
  } catch {
    return [];
  }
}
