// What a vendor's models take and what becomes of the rest: one table a vendor, read by everything that has to decide.

/** `dropped`: the request is sent without it. */
export type Support = "sent" | "dropped";

export interface Capabilities {
  /** What becomes of the parameters of a request. */
  readonly parameters: {
    readonly temperature: Support;
    /** What Chat Completions calls the limit of output. */
    readonly maxOutputTokens: "max_tokens" | "max_completion_tokens";
  };
  readonly limits: {
    /** Characters of a tool's name. */
    readonly toolNameLength: number;
    /** The smallest limit of output tokens that is accepted. */
    readonly smallestOutputTokens: number;
  };
  /** `marked`: only where the caller marks a prefix, which NOCP does not. */
  readonly promptCaching: "automatic" | "marked" | "none";
}

/** Everything a vendor's models have in common, and what some of them change. */
export interface CapabilityTable {
  readonly defaults: Capabilities;
  readonly models: readonly CapabilityRule[];
}

/** Of one model, or of several by the pattern of their names; later rules win. */
export type CapabilityRule = { readonly names: RegExp } & {
  readonly [Group in keyof Capabilities]?: Capabilities[Group] extends object
    ? Partial<Capabilities[Group]>
    : Capabilities[Group];
};

/** @param model as the vendor names it. */
export function capabilitiesOf({ defaults, models }: CapabilityTable, model: string): Capabilities {
  return models
    .filter(({ names }) => names.test(model))
    .reduce<Capabilities>(
      (known, rule) => ({
        parameters: { ...known.parameters, ...rule.parameters },
        limits: { ...known.limits, ...rule.limits },
        promptCaching: rule.promptCaching ?? known.promptCaching,
      }),
      defaults,
    );
}
