// The contract of a routing strategy: it puts candidates that may take each other's place in the order in which they are called.
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { ModelTier } from "@nocp/contracts/route.ts";
import type { Section, SectionValues, SettingShape } from "@nocp/contracts/settings/setting.ts";
import type { Lane } from "@nocp/contracts/topology.ts";

/** A candidate that can take the call, with what is known of it now. */
export interface StrategyCandidate extends RouteCandidate {
  /** Its share where shares are wanted; over 0. */
  readonly weight: number;
  readonly tier: ModelTier;
  /** US dollars for the prompt and an answer of the expected length; `null` when the price is unknown. */
  readonly estimatedUsd: number | null;
  /** Calls of this process that it is working on. */
  readonly inFlight: number;
  /** Peak-weighted average until the first piece of an answer, in milliseconds; undefined before the first call. */
  readonly latencyMs: number | undefined;
}

/** What of a request a strategy may look at. */
export interface StrategyRequest {
  readonly tenant: string;
  readonly lane: Lane;
  readonly tags: readonly string[];
  readonly question: string;
  /** Tokens of the prompt that is sent. */
  readonly inputTokens: number;
  readonly offersTools: boolean;
  readonly hasSchema: boolean;
  readonly reasoningEffort: string | undefined;
  /** The same for requests whose prompts begin alike, and for all of a session. */
  readonly prefixKey: string;
}

export interface StrategyInput {
  /** Names the candidates' group; the same group has the same candidates, as far as they can take the call. */
  readonly group: string;
  readonly candidates: readonly StrategyCandidate[];
  readonly request: StrategyRequest;
  /** In [0, 1). */
  readonly random: () => number;
}

export interface PlacedCandidate<C extends RouteCandidate = StrategyCandidate> {
  readonly candidate: C;
  /** Why it has its place, in a few words without content of the request: `$0.0012, the cheapest of 3`. */
  readonly why: string;
}

/** A strategy at work in one process; it may remember what it did. */
export interface ActiveStrategy {
  /** @returns every candidate exactly once. */
  order(input: StrategyInput): readonly PlacedCandidate[];
  /** Hears how each call ended that a route led to, for strategies that learn. */
  observe?(call: ObservedCall): void;
}

export interface ObservedCall {
  readonly candidate: RouteCandidate;
  readonly hasAnswered: boolean;
  /** Until the first piece of the answer, or until the failure. */
  readonly latencyMs: number;
  /** `null` when unknown. */
  readonly costUsd: number | null;
}

export interface RoutingStrategy {
  /** Kebab-case; equals the file's name. */
  readonly name: string;
  /** One sentence for the documentation and `./nocp route strategies`. */
  readonly description: string;
  /** Whether the same request has the same order again, whatever happened meanwhile. */
  readonly isRepeatable: boolean;
  /** Settings of its own. */
  readonly section?: Section;
  /** @param read the values of a section. */
  start(read: <S extends Section>(section: S) => SectionValues<S>): ActiveStrategy;
}

interface Definition extends Omit<RoutingStrategy, "section" | "start"> {
  start(): ActiveStrategy;
}
interface DefinitionWithSettings<S extends Section> extends Omit<RoutingStrategy, "section" | "start"> {
  readonly section: S;
  start(settings: SectionValues<S>): ActiveStrategy;
}

/** Declares a strategy; the default export of its file. */
export function defineRoutingStrategy<Shape extends SettingShape>(
  definition: DefinitionWithSettings<Section<Shape>>,
): RoutingStrategy;
export function defineRoutingStrategy(definition: Definition): RoutingStrategy;
export function defineRoutingStrategy(definition: Definition | DefinitionWithSettings<Section>): RoutingStrategy {
  return "section" in definition
    ? { ...definition, start: (read) => definition.start(read(definition.section)) }
    : { ...definition, start: () => definition.start() };
}

export const isRoutingStrategy = (value: unknown): value is RoutingStrategy => {
  if (typeof value !== "object" || value === null) return false;
  const { name, description, isRepeatable, start } = value as Record<string, unknown>;
  return (
    [name, description].every((field) => typeof field === "string") &&
    typeof isRepeatable === "boolean" &&
    typeof start === "function"
  );
};
