// Where a vendor is told to cache a prompt: the caller's marks first, then the ends of what later requests read again.
import type {
  CacheMark,
  CacheTtl,
  ContentPart,
  OfferedTool,
  PrefixEnd,
  PromptCacheMode,
  PromptMessage,
} from "@nocp/contracts/prompt.ts";
import type { PromptCachingSupport } from "../capabilities.ts";

/** What a call asks of its vendor's prompt cache. */
export interface PromptCaching {
  /** `auto`: ends of stable parts are marked; `marks`: only where the caller did; `off`: nowhere. */
  readonly mode: PromptCacheMode;
  /** Whether further requests are expected to begin alike; otherwise only the instructions are worth writing. */
  readonly isReused: boolean;
  readonly ttl: CacheTtl;
  /** The same for requests that begin alike. */
  readonly key: string | undefined;
}

interface Markable {
  readonly messages: readonly PromptMessage[];
  readonly tools: readonly OfferedTool[];
}

/** In the order in which they are worth a mark: the longest prefix first, for it is what the next request reads. */
const endsByWorth: readonly PrefixEnd[] = ["prompt", "conversation", "instructions"];

/** Something that may carry a mark; they are listed in the order in which the vendor reads them. */
interface Place {
  readonly of: OfferedTool | ContentPart | PromptMessage;
  readonly ends: PrefixEnd | undefined;
}

/**
 * The same messages and tools, with exactly the marks that are to be sent.
 * @param caching undefined: only the caller's marks.
 */
export function withCacheMarks<Marked extends Markable>(
  prompt: Marked,
  caching: PromptCaching | undefined,
  support: PromptCachingSupport,
): Marked {
  const marks = marksOf(placesOf(prompt, support), caching, support);
  const marked = <One extends Place["of"]>(one: One): One => {
    const { cache: _own, ...rest } = one;
    const mark = marks.get(one);
    return { ...rest, ...(mark === undefined ? {} : { cache: mark }) } as One;
  };
  return {
    ...prompt,
    tools: prompt.tools.map(marked),
    messages: prompt.messages.map((message) => {
      const { ends: _ends, ...sent } = marked(message);
      return sent.parts === undefined ? sent : { ...sent, parts: sent.parts.map(marked) };
    }),
  };
}

const placesOf = ({ tools, messages }: Markable, support: PromptCachingSupport): Place[] => [
  ...(support.markedTools ? tools.map((tool) => ({ of: tool, ends: undefined })) : []),
  ...messages.flatMap((message): Place[] => [
    ...(message.parts ?? []).map((part) => ({ of: part, ends: undefined })),
    { of: message, ends: message.ends },
  ]),
];

function marksOf(
  places: readonly Place[],
  caching: PromptCaching | undefined,
  support: PromptCachingSupport,
): ReadonlyMap<Place["of"], CacheMark> {
  const { oneHour } = support;
  const most = caching?.mode === "off" ? 0 : support.marks;
  // Of too many marks the last ones are kept: each covers everything before it.
  const callers = new Map<Place, CacheTtl>();
  for (const [at, { of }] of places.entries()) {
    const carrier = of.cache && carrierOf(places, at, support);
    if (carrier && of.cache) callers.set(carrier, of.cache.ttl);
  }
  const kept = [...callers.keys()].slice(-most || places.length);
  const own = caching?.mode === "auto" ? ownPlaces(places, caching.isReused, support).filter((place) => !callers.has(place)) : [];
  const chosen = new Set(most === 0 ? [] : [...kept, ...own].slice(0, most));
  const inOrder = places.filter((place) => chosen.has(place));
  const ttls = orderedTtls(inOrder.map((place) => callers.get(place) ?? { atMost: caching?.ttl ?? "5m" }));
  return new Map(inOrder.map(({ of }, at) => [of, { ttl: oneHour ? (ttls[at] ?? "5m") : "5m" }]));
}

/** Best first. */
function ownPlaces(places: readonly Place[], isReused: boolean, support: PromptCachingSupport): Place[] {
  const ends = endsByWorth.filter((end) => isReused || end === "instructions");
  const carriers = ends.flatMap((end) =>
    places.flatMap((place, at) => (place.ends === end ? [carrierOf(places, at, support)] : [])),
  );
  const atEnds = carriers.filter((place) => place !== undefined);
  if (!support.everyTurn || !isReused) return [...new Set(atEnds)];
  const last = Math.max(-1, ...atEnds.map((place) => places.indexOf(place)));
  return places
    .slice(0, last + 1)
    .filter(({ of }) => "role" in of && of.role !== "system" && canCarry(of, support))
    .concat(atEnds)
    .reverse();
}

/** The place itself, or the nearest before it that can carry a mark. */
const carrierOf = (places: readonly Place[], at: number, support: PromptCachingSupport): Place | undefined =>
  places.slice(0, at + 1).findLast(({ of }) => !("role" in of) || canCarry(of, support));

const canCarry = ({ role, text }: PromptMessage, { markedRoles, markedTools }: PromptCachingSupport): boolean =>
  markedRoles.includes(role) && (text !== "" || markedTools);

/** Vendors refuse an hour behind five minutes: NOCP's own marks give way, then what stands before an hour becomes one. */
function orderedTtls(wanted: readonly (CacheTtl | { readonly atMost: CacheTtl })[]): CacheTtl[] {
  let shortest: CacheTtl = "1h";
  const limited = wanted.map((one): CacheTtl => {
    const ttl = typeof one === "string" ? one : shortest === "5m" ? "5m" : one.atMost;
    if (ttl === "5m") shortest = "5m";
    return ttl;
  });
  const lastHour = limited.lastIndexOf("1h");
  return limited.map((ttl, at) => (at < lastHour ? "1h" : ttl));
}
