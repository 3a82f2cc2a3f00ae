// NOCP and headroom on the same cases.
import { defaultModel } from "@nocp/assess/config.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { renderPeers } from "../reports/peers-text.ts";
import { type Size, sizes } from "../workloads/workload.ts";
import { compareCompression } from "./compare-compression.ts";
import { createFactGroups } from "./fact-groups.ts";
import { createFaithfulnessGroups } from "./faithfulness-groups.ts";
import { startHeadroom } from "./headroom.ts";
import { installHeadroom } from "./install-headroom.ts";
import { createNocp } from "./nocp.ts";
import { machineText, type PeerReport, type PeerSetUp, watchLoad } from "./peer-report.ts";

export interface CompressorOptions {
  readonly sizes?: readonly Size[] | undefined;
  /** Cases per workload, table and log, and seeds per kind of text. */
  readonly cases: number;
  /** Only groups whose name contains one of these. */
  readonly groups?: readonly string[] | undefined;
  readonly seed: string;
}

/** @throws NocpError USAGE when no group is left; MISSING_DEPENDENCY when headroom cannot be installed. */
export async function measureCompressors(options: CompressorOptions, setUp: PeerSetUp): Promise<PeerReport> {
  const groups = groupsOf(options);
  const headroom = await startHeadroom(await installHeadroom(setUp));
  try {
    const counter = createTokenCounter(defaultModel);
    const loadOf = watchLoad();
    const contenders = [...(await createNocp(counter)), ...headroom.contenders];
    const compared = await compareCompression(groups, contenders, counter, setUp.onStep);
    const load = loadOf();
    const machine = machineText();
    const notes = [
      `headroom ${headroom.version} offline: its model for prose (Kompress) is fetched from Hugging Face and was not available, so prose passes through it unchanged.`,
      `Tokens are ${defaultModel}'s, counted by NOCP for everyone. "kept" is what would be sent over what came, all cases of a group together.`,
      "Recall: the share of cases in which all that the answer needs is left. Right: it stands below its own heading, file, record or speaker; wrong: below another's; torn: half of a pair is missing; lost: it is gone.",
      "NOCP, lossless is judged on what the rules in its first line give back; all others on the text as it stands.",
      "ms: median of a case, in process, warm. NOCP's include counting the tokens; headroom's include its own estimate of them.",
      `${machine}; load average ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after: compare times within a group only.`,
    ];
    const report = {
      headroom: headroom.version,
      model: defaultModel,
      machine,
      load,
      seed: options.seed,
      groups: compared,
      notes,
    };
    return { text: renderPeers(compared, notes), report, hasErrors: false };
  } finally {
    headroom.stop();
  }
}

function groupsOf({ sizes: chosen = sizes, cases, groups: parts, seed }: CompressorOptions) {
  const all = [
    ...createFactGroups({ sizes: chosen, casesPerGroup: cases, seed }),
    ...createFaithfulnessGroups(Array.from({ length: cases }, (_, at) => 3 + 8 * at)),
  ];
  const groups = all.filter(({ name }) => parts?.some((part) => name.includes(part)) ?? true);
  if (groups.length === 0) throw new NocpError("USAGE", `--groups leaves nothing of ${all.map(({ name }) => name).join(", ")}`);
  return groups;
}
