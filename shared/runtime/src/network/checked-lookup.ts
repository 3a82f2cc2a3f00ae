// Name resolution that hands a connection only addresses it may use.
import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { addressRefused } from "./address-refused.ts";
import type { PrivateAccess } from "./check-url.ts";
import { mayBePrivate } from "./host-pattern.ts";
import { isPublicAddress } from "./public-address.ts";

/** All addresses of a name. */
export type ResolveHost = (hostname: string) => Promise<LookupAddress[]>;

/**
 * Resolves once, at connecting, so that a name cannot point elsewhere between the check and the connection. One
 * private address among several refuses the name.
 */
export function createCheckedLookup(resolveHost: ResolveHost, access: PrivateAccess): LookupFunction {
  return (hostname, options, callback) => {
    resolveHost(hostname)
      .then((all) => {
        const family = options.family === 6 || options.family === "IPv6" ? 6 : options.family ? 4 : 0;
        const usable = family === 0 ? all : all.filter((address) => address.family === family);
        const [first] = usable;
        if (!first) throw new NocpError("TOOL_FAILED", `${hostname} has no address`);
        if (!mayBePrivate(hostname, access.httpAllowPrivate) && !usable.every(({ address }) => isPublicAddress(address)))
          throw addressRefused(hostname, access.privateSetting);
        return { usable, first };
      })
      .then(
        ({ usable, first }) => (options.all ? callback(null, usable) : callback(null, first.address, first.family)),
        (error: Error) => callback(error, "", 0),
      );
  };
}
