// A text in which references stand for binary data, and the bundles that the archive keeps for them.
import type { Archived, StrategyReport } from "@nocp/contracts/accounting.ts";
import type { PayloadMode } from "@nocp/contracts/payload-mode.ts";
import type { NocpRequest } from "@nocp/contracts/request.ts";
import { tenantScope } from "@nocp/runtime/stores/archive/archive-scope.ts";
import type { ArchiveStore } from "@nocp/runtime/stores/archive/archive-store.ts";
import { type ArchiveBundle, archivedOf, createBundle } from "@nocp/runtime/stores/archive/bundle.ts";
import { writeReferring } from "@nocp/text/lossless/write-referring.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";

/** The name under which the result reports it. */
const payloadStrategy = "payload-references";

export interface ReferredPayloads {
  readonly text: string;
  /** One for each payload: it has the same reference in every request of the tenant, and is stored once. */
  readonly bundles: readonly ArchiveBundle[];
}

/** Whose archive keeps the binary data of a request; undefined where they stay in its texts. */
export const payloadTenantOf = ({ tenant, compression }: NocpRequest, usual: PayloadMode): string | undefined =>
  compression.mode === "lossless" && (compression.payloads ?? usual) === "reference" ? tenant : undefined;

/** @param tenant whose archive keeps the data. @returns undefined where a text has none. */
export function referPayloads(text: string, tenant: string, counter: TokenCounter): ReferredPayloads | undefined {
  const bundles = new Map<string, ArchiveBundle>();
  const referring = writeReferring(
    text,
    (part) => counter.count(part),
    (payload) => {
      const bundle = createBundle(tenantScope(tenant), [{ kind: "document", id: "payload", title: "payload", text: payload }]);
      bundles.set(bundle.reference, bundle);
      return bundle.reference;
    },
  );
  return referring && { text: referring.text, bundles: [...bundles.values()] };
}

/** What one text became. */
export interface ReferredPart {
  readonly bundles: readonly ArchiveBundle[];
  /** Tokens without and with references. */
  readonly before: number;
  readonly after: number;
}

/** What references saved, apart from what was written shorter without them. */
export function payloadReport(itemIds: readonly string[], parts: readonly ReferredPart[]): StrategyReport[] {
  if (parts.length === 0) return [];
  const before = parts.reduce((sum, part) => sum + part.before, 0);
  const after = parts.reduce((sum, part) => sum + part.after, 0);
  const bundles = distinctBundles(parts.flatMap((part) => part.bundles));
  const bytes = bundles.reduce((sum, { originals }) => sum + (originals[0]?.bytes ?? 0), 0);
  const data = bundles.length === 1 ? "1 payload" : `${bundles.length} payloads`;
  const justification = `${data} of ${bytes} bytes in the archive, with references in their place: ${after} tokens instead of ${before}`;
  return [{ strategy: payloadStrategy, itemIds: [...itemIds], before, after, justification }];
}

export const distinctBundles = (bundles: readonly ArchiveBundle[]): ArchiveBundle[] => [
  ...new Map(bundles.map((bundle) => [bundle.reference, bundle])).values(),
];

/** Everything of a compression that the archive is to keep. */
export const bundlesOf = ({ bundle, payloads }: ArchivedParts): ArchiveBundle[] => [...(bundle ? [bundle] : []), ...payloads];

interface ArchivedParts {
  readonly bundle: ArchiveBundle | undefined;
  readonly payloads: readonly ArchiveBundle[];
}

export const bytesOf = (bundles: readonly ArchiveBundle[]): number =>
  bundles.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);

/** What a result says of bundles. */
export const archivedIn = (bundles: readonly ArchiveBundle[]): Archived[] => bundles.flatMap(archivedOf);

const putsAtOnce = 8;

/** @throws NocpError ARCHIVE_UNAVAILABLE. */
export async function storeBundles(bundles: readonly ArchiveBundle[], archive: Pick<ArchiveStore, "put">): Promise<void> {
  for (let at = 0; at < bundles.length; at += putsAtOnce)
    await Promise.all(bundles.slice(at, at + putsAtOnce).map((bundle) => archive.put(bundle)));
}
