import { isAllowedHost, mayBePrivate, problemOfPattern } from "@nocp/runtime/network/host-pattern.ts";
import { isPublicAddress } from "@nocp/runtime/network/public-address.ts";
import { describe, expect, test } from "vitest";
import { actSection } from "../config.ts";

describe("an address is not public when it is", () => {
  test.each([
    ["loopback", ["127.0.0.1", "127.255.255.254", "::1"]],
    ["private", ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12:3456::1", "fec0::1"]],
    ["link-local, where clouds keep their credentials", ["169.254.169.254", "fe80::1", "fe80::1%eth0"]],
    ["shared by a carrier (CGNAT)", ["100.64.0.1", "100.127.255.255"]],
    ["unspecified, broadcast or multicast", ["0.0.0.0", "0.1.2.3", "255.255.255.255", "224.0.0.1", "::", "ff02::1"]],
    ["reserved", ["192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "240.0.0.1", "2001:db8::1", "100::1", "4000::1"]],
    [
      "IPv4 in IPv6's clothes",
      [
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "::7f00:1",
        "64:ff9b::127.0.0.1",
        "2002:7f00:1::1",
        "2001:0:7f00:1::",
        "::ffff:0:127.0.0.1",
      ],
    ],
    ["not an address", ["", "localhost", "127.0.0.1.", "example.com", "1.2.3.4.5"]],
  ])("%s", (_kind, addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });
});

test("addresses of the public internet are public", () => {
  const addresses = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"];
  expect(addresses.filter((address) => !isPublicAddress(address))).toEqual([]);
});

describe("the allow-list of hosts", () => {
  const allowed = (url: string, ...patterns: string[]): boolean => isAllowedHost(new URL(url), patterns);
  test("is empty by default, and then allows nothing", () => {
    expect(allowed("https://example.com/")).toBe(false);
  });
  test.each([
    ["https://example.com/", "example.com"],
    ["http://EXAMPLE.com/", "Example.COM"],
    ["https://example.com./", "example.com"],
    ["https://a.b.example.com/", "*.example.com"],
    ["http://example.com:8080/", "example.com:8080"],
    ["http://example.com:9/", "example.com:*"],
    ["http://[::1]:8080/", "[::1]:8080"],
    ["http://[2606:4700::1]/", "2606:4700::1"],
  ])("allows %s by %s", (url, pattern) => {
    expect(allowed(url, pattern)).toBe(true);
  });
  test.each([
    ["https://example.com.evil.org/", "example.com"],
    ["https://evil-example.com/", "*.example.com"],
    ["https://example.com/", "*.example.com"],
    ["https://notexample.com/", "example.com"],
    ["http://example.com:22/", "example.com"],
    ["http://example.com:443/", "example.com"],
    ["http://2130706433/", "2130706433"],
    ["http://0x7f.1/", "0x7f.1"],
    ["https://example.com@evil.org/", "example.com"],
    ["https://evil.org/#example.com", "example.com"],
  ])("refuses %s for %s", (url, pattern) => {
    expect(allowed(url, pattern)).toBe(false);
  });
  test("names hosts with private addresses apart, without port", () => {
    expect(mayBePrivate("intranet.example.com", ["*.example.com"])).toBe(true);
    expect(mayBePrivate("[::1]", ["::1"])).toBe(true);
    expect(mayBePrivate("example.org", ["*.example.com"])).toBe(false);
  });
});

describe("a pattern of a host", () => {
  test.each([
    ...["example.com", "Example.COM", "example.com.", "*.example.com", "example.com:8080", "example.com:*", "*.example.com:*"],
    ...["127.0.0.1", "[::1]:8080", "::1", "2606:4700::1", "localhost", "xn--bcher-kva.example"],
  ])("%s can match", (pattern) => {
    expect(problemOfPattern(pattern, true)).toBeUndefined();
  });
  test.each([
    ["https://example.com", /without scheme/],
    ["example.com/path", /without scheme and path/],
    ["example.com?x", /is no host/],
    ["user@example.com", /is no host/],
    ["*", /star only in front/],
    ["*example.com", /star only in front/],
    ["api.*.com", /star only in front/],
    [":8080", /is no host/],
    ["exa mple.com", /is no host/],
    ["example.com:99999", /names no port/],
    ["example.com:0", /names no port/],
    ["2130706433", /URLs write it 127\.0\.0\.1/],
    ["0x7f.1", /URLs write it 127\.0\.0\.1/],
    ["bücher.example", /URLs write it xn--bcher-kva\.example/],
    ["[2606:4700:0::1]", /URLs write it \[2606:4700::1\]/],
  ])("%s can match nothing, and the setting is refused", (pattern, says) => {
    expect(problemOfPattern(pattern, true)).toMatch(says);
    const { error } = actSection.settings.httpHosts.schema.safeParse(["example.com", pattern]);
    expect(error?.issues[0]?.message).toContain(JSON.stringify(pattern));
  });
  test("names no port where ports do not matter", () => {
    expect(problemOfPattern("example.com:80", false)).toMatch(/port/);
  });
});
