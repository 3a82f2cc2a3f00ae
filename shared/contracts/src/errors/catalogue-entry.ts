// What the catalogue says of an error.

/**
 * What happens to a delivery whose stage throws the error:
 * `retry`: it is tried again later; `reject`: it is dead-lettered at once, and the caller gets a failed result;
 * `wait`: it waits and is tried again, as often as the deadline allows, and no wait counts as an attempt;
 * `fail`: the caller gets a failed result, and there is no dead letter because there is nothing to redrive.
 * Tools and provider calls that fail with `retry` may be tried again, too.
 */
export type Disposition = "retry" | "wait" | "reject" | "fail";

/**
 * Who raises an error:
 * `cli`: a command of ./nocp; `client`: a call of the TypeScript client, and the commands that use it;
 * `service`: a service at its start; `stage`: a stage that handles a message; `tool`: a tool call;
 * `provider`: one call to a provider; `warning`: nobody, as the request is answered and the code is in its warnings.
 */
export const errorPlaces = ["cli", "client", "service", "stage", "tool", "provider", "warning"] as const;
export type ErrorPlace = (typeof errorPlaces)[number];

export interface CatalogueEntry {
  readonly meaning: string;
  /** In the order of `errorPlaces`. */
  readonly raisedBy: readonly ErrorPlace[];
  readonly disposition: Disposition;
  /** Whether no other candidate of the route is called after a provider call failed with it. */
  readonly endsRoute: boolean;
  readonly advice: string;
}

/** @param places separated by spaces. */
export function entry(
  disposition: Disposition,
  places: string,
  meaning: string,
  advice: string,
  endsRoute = false,
): CatalogueEntry {
  const named = places.split(" ");
  return { meaning, raisedBy: errorPlaces.filter((place) => named.includes(place)), disposition, endsRoute, advice };
}
