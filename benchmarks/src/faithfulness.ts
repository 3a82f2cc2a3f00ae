// For each kind of text: how often what is asked for stands below its own parents after compression, and what was kept.
import { createCompressor } from "@nocp/assess/compress.ts";
import { defaultModel } from "@nocp/assess/config.ts";
import { loadStrategies } from "@nocp/assess/load-strategies.ts";
import { list, wholeNumber } from "@nocp/cli/options/option-values.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { parseStructure } from "@nocp/text/structure/parse-structure.ts";
import { judge, type Verdict } from "./faithfulness/faithfulness-case.ts";
import { families, forms, type Kinds } from "./faithfulness/families.ts";
import { createWords } from "./faithfulness/words.ts";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { printReport } from "./reports/print-report.ts";

const options = readOptions(
  benchmarkCommand("faithfulness")
    .option("--kinds <list>", "only kinds whose family or name contains one of these, separated by commas", list)
    .option("--seeds <count>", "cases per kind and per way in which the text comes", wholeNumber(1), 3)
    .option("--show", "print what is left of each text in which the answer is not right"),
);

interface KindFigures {
  readonly family: string;
  readonly kind: string;
  /** What the parser takes the text for. */
  readonly readAs: string;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly keptShare: number;
}

const counter = createTokenCounter(defaultModel);
const compressor = createCompressor({ strategies: await loadStrategies(), counterFor: () => counter });

async function measure(family: string, kind: string, create: Kinds[string]): Promise<KindFigures> {
  const verdicts: Record<Verdict, number> = { right: 0, wrong: 0, torn: 0, lost: 0 };
  const readAs = new Set<string>();
  let raw = 0;
  let kept = 0;
  for (let seed = 1; seed <= options.seeds; seed++)
    for (const [form, itemOf] of Object.entries(forms)) {
      const sample = create(createWords(seed * 101 + kind.length));
      readAs.add(parseStructure(sample.text, sample.name).kind);
      const left = await compressor.compress({ query: sample.query, items: [itemOf(sample)], mode: "auto" });
      const verdict = judge(sample.gold, left.text);
      verdicts[verdict]++;
      raw += left.rawTokens;
      kept += left.optimizedTokens;
      if (options.show && verdict !== "right")
        console.error(`--- ${kind}, ${form}, seed ${seed}: ${verdict}: ${sample.query}\n${left.text}`);
    }
  return { family, kind, readAs: [...readAs].join(", "), verdicts, keptShare: kept / raw };
}

function rowOf({ family, kind, readAs, verdicts: { right, wrong, torn, lost }, keptShare }: KindFigures): string {
  const counts = [right, wrong, torn, lost].map((count) => String(count).padStart(6)).join("");
  return `${family.padEnd(19)}${kind.padEnd(36)}${counts}${keptShare.toFixed(2).padStart(7)}  ${readAs}`;
}

function totalOf(kinds: readonly KindFigures[]): KindFigures {
  const sum = (verdict: Verdict) => kinds.reduce((total, { verdicts }) => total + verdicts[verdict], 0);
  return {
    family: "all",
    kind: `${kinds.length} kinds`,
    readAs: "",
    verdicts: { right: sum("right"), wrong: sum("wrong"), torn: sum("torn"), lost: sum("lost") },
    keptShare: kinds.reduce((total, one) => total + one.keptShare, 0) / kinds.length,
  };
}

const isChosen = (...names: string[]): boolean =>
  options.kinds === undefined ||
  options.kinds.some((part) => names.some((name) => name.toLowerCase().includes(part.toLowerCase())));
const measured: KindFigures[] = [];
for (const [family, kinds] of Object.entries(families))
  for (const [kind, create] of Object.entries(kinds))
    if (isChosen(family, kind)) measured.push(await measure(family, kind, create));
if (measured.length === 0) throw new NocpError("USAGE", "no kind of text has such a name");
const head = `${"family".padEnd(19)}${"kind".padEnd(36)} right wrong  torn  lost   kept  read as`;
printReport([head, ...measured.map(rowOf), rowOf(totalOf(measured))].join("\n"), { kinds: measured }, options.json);
