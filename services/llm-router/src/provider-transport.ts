// The connections of each provider: its own, because how long to wait for one is its setting.
import type { CallLimits } from "@nocp/models/call-limits.ts";
import { createLeanFetch } from "@nocp/models/http/lean-fetch.ts";
import type { ProviderDependencies } from "@nocp/models/provider.ts";

/** @param useProxy whether HTTP_PROXY and its like are heeded. @param onRelease is given what closes the connections. */
export const createTransports =
  (useProxy: boolean, onRelease: (release: () => Promise<void>) => void) =>
  ({ connectMs }: CallLimits): ProviderDependencies => {
    const transport = createLeanFetch({ connectMs, useProxy });
    onRelease(transport.close);
    return transport;
  };
