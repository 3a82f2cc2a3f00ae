// Which hosts the settings name.

/** As URLs write it, without the dot that may end a full name: `example.com.` is `example.com`. */
const plainHost = (host: string): string => host.toLowerCase().replace(/\.$/, "");

const defaultPorts: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/** `*.example.com` is every host below example.com, and not example.com itself. */
function matchesHost(host: string, pattern: string): boolean {
  const wanted = plainHost(pattern);
  return wanted.startsWith("*.") ? host.endsWith(wanted.slice(1)) && host.length > wanted.length - 1 : host === wanted;
}

/** Without a port, the pattern means the scheme's own port; `:*` means every port. */
export function isAllowedHost(url: URL, patterns: readonly string[]): boolean {
  const port = url.port === "" ? defaultPorts[url.protocol] : url.port;
  return patterns.some((pattern) => {
    const [, host = pattern, wantedPort] = /^(.*?)(?::(\d+|\*))?$/.exec(withBrackets(pattern)) ?? [];
    const portMatches =
      wantedPort === undefined ? port === defaultPorts[url.protocol] : wantedPort === "*" || wantedPort === port;
    return portMatches && matchesHost(plainHost(url.hostname), host);
  });
}

/** Whether a host of the allow-list may have private addresses; ports do not matter here. */
export const mayBePrivate = (hostname: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => matchesHost(plainHost(hostname), withBrackets(pattern)));

/** `::1` → `[::1]`, as URLs write it: without brackets its end would be read as a port. */
const withBrackets = (pattern: string): string =>
  !pattern.startsWith("[") && pattern.split(":").length > 2 ? `[${pattern}]` : pattern;
