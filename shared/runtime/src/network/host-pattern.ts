// Which hosts the settings name.

/** As URLs write it, without the dot that may end a full name: `example.com.` is `example.com`. */
const plainHost = (host: string): string => host.toLowerCase().replace(/\.$/, "");

const hostAndPort = /^(.*?)(?::(\d+|\*))?$/;

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
    const [, host = pattern, wantedPort] = hostAndPort.exec(withBrackets(pattern)) ?? [];
    const portMatches =
      wantedPort === undefined ? port === defaultPorts[url.protocol] : wantedPort === "*" || wantedPort === port;
    return portMatches && matchesHost(plainHost(url.hostname), host);
  });
}

/** Whether a host of the allow-list may have private addresses; ports do not matter here. */
export const mayBePrivate = (hostname: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => matchesHost(plainHost(hostname), withBrackets(pattern)));

/** Why a pattern can match no URL; `undefined` when it can. @param hasPort whether it may name a port. */
export function problemOfPattern(pattern: string, hasPort: boolean): string | undefined {
  const [, host = "", port] = hostAndPort.exec(withBrackets(pattern)) ?? [];
  if (port !== undefined && !hasPort) return "must not name a port";
  if (port !== undefined && port !== "*" && (Number(port) < 1 || Number(port) > 65_535)) return "names no port";
  const plain = plainHost(host.replace(/^\*\./, ""));
  if (/[*]/.test(plain)) return "may have a star only in front (*.example.com) or as the port";
  const url = URL.parse(`http://${plain}/`);
  if (plain === "" || url === null || url.pathname !== "/" || url.search !== "" || url.host === "" || url.username !== "") {
    return "is no host: write example.com, without scheme and path";
  }
  return url.hostname === plain ? undefined : `matches no URL, because URLs write it ${url.hostname}`;
}

/** `::1` → `[::1]`, as URLs write it: without brackets its end would be read as a port. */
const withBrackets = (pattern: string): string =>
  !pattern.startsWith("[") && pattern.split(":").length > 2 ? `[${pattern}]` : pattern;
