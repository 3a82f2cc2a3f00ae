// Host and port of a provider's server, as OpenTelemetry's `server.address` and `server.port` want them.
import { remembered } from "@nocp/contracts/remembered.ts";

export interface ServerEndpoint {
  readonly address: string;
  readonly port: number;
}

const defaultPorts: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

/** @returns `undefined` where there is no server, or its address is no URL. */
export const serverEndpointOf = (serverUrl: string | undefined): ServerEndpoint | undefined =>
  serverUrl === undefined ? undefined : endpointOfUrl(serverUrl);

/** Those of the settings, asked for with every call. */
const endpointOfUrl = remembered((serverUrl): ServerEndpoint | undefined => {
  const url = URL.parse(serverUrl);
  const port = url && (url.port === "" ? defaultPorts[url.protocol] : Number(url.port));
  return url && port ? { address: url.hostname.replace(/^\[(.*)\]$/, "$1"), port } : undefined;
}, 1_000);
