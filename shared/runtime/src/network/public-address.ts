// Whether an address belongs to the public internet.
import ipaddr from "ipaddr.js";

/** Global unicast, the only part of IPv6 that is handed out: RFC 4291, section 2.4, and the IANA registry. */
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * False for private, loopback, link-local, CGNAT, multicast, reserved and unreadable addresses. An IPv4-mapped address
 * is judged as the IPv4 one; other ways to write IPv4 as IPv6 (compatible, 6to4, NAT64, Teredo) are refused.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== "unicast") return false;
  return address.kind() === "ipv4" || (address as ipaddr.IPv6).match(globalUnicast);
}
