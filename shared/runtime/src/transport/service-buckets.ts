// Which buckets each service uses: what it may write follows from that, and what it misses when somebody deletes it.
import { type ProcessRole, type Stage, stages } from "@nocp/contracts/topology.ts";
import { archiveBucket, archiveIndexBucket } from "./archive-store.ts";
import { claimsBucket, deadClaimsBucket, recordClaimsBucket } from "./claim-check.ts";
import { headsBucket, turnsBucket } from "./session-buckets.ts";
import { tenantsBucket } from "./tenant-records.ts";

const archiveBuckets = [archiveBucket, archiveIndexBucket];
const sessionBuckets = [headsBucket, turnsBucket];
const budgetBuckets = ["nocp_budgets", "nocp_spending"];
const allClaims = [claimsBucket, deadClaimsBucket, recordClaimsBucket];

/** Besides those of every stage. */
const stageBuckets: Partial<Readonly<Record<Stage, readonly string[]>>> = {
  act: [...archiveBuckets, "nocp_secrets"],
  assess: [...archiveBuckets, ...sessionBuckets, "nocp_helper-calls", "nocp_calibrations", "nocp_secrets", ...budgetBuckets],
  "llm-router": ["nocp_completions", "nocp_calibrations", "nocp_quotas", "nocp_breakers", ...budgetBuckets],
  articulate: sessionBuckets,
};

const gatewayBuckets: readonly string[] = [
  ...allClaims,
  ...archiveBuckets,
  ...sessionBuckets,
  ...budgetBuckets,
  tenantsBucket,
  ...["keys", "responses", "own-rounds", "compressions", "requests", "secrets"].map((name) => `nocp_${name}`),
  ...["jobs", "files", "batches", "file_chunks", "breakers", "quotas"].map((name) => `nocp_${name}`),
];

export function bucketsOf(role: ProcessRole): readonly string[] {
  if (role === "gateway") return gatewayBuckets;
  // It takes dead letters back to their queues.
  if (role === "observability") return [claimsBucket, deadClaimsBucket];
  const hosted = role === "chain" ? stages : [role];
  return [...new Set(hosted.flatMap((stage) => ["nocp_attempts", ...allClaims, ...(stageBuckets[stage] ?? [])]))];
}
