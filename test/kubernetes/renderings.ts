// What the Helm chart renders for sets of values that users combine.
import { type KubernetesObject, renderChart, valuesFile } from "../../deploy/kubernetes/rendered-chart.ts";
import { programOf } from "./test-cluster.ts";

const helm = programOf("helm");
/** A broker that the release does not bring. */
export const external = "broker.url=nats://nats:4222";
/** Where tools may call. */
export const toolHost = ["networkPolicy.toolHosts[0].cidr=192.0.2.0/24", "networkPolicy.toolHosts[0].ports[0]=8443"];
const openApi = [
  "services.gateway.existingSecret=nocp-gateway",
  "services.gateway.ingress.enabled=true",
  "services.gateway.ingress.host=nocp.example.com",
  "services.gateway.ingress.tlsSecret=nocp-tls",
  "services.gateway.httpRoute.enabled=true",
  "services.gateway.httpRoute.parentRefs[0].name=public",
  "services.gateway.httpRoute.hostnames[0]=nocp.example.com",
  "autoscaling.kind=keda",
  "autoscaling.prometheus=http://prometheus.monitoring:9090",
  "networkPolicy.enabled=true",
];

type Renderings = Readonly<Record<string, () => KubernetesObject[]>>;

/** Those with all stages in one process. */
export const chainedRenderings: Renderings = {
  "one process for all stages": () => renderChart({ helm, set: ["chain=true"] }),
  "production, with one process for all stages": () =>
    renderChart({ helm, values: [valuesFile("production")], set: ["chain=true", ...toolHost] }),
  "one process for all stages, by processor time": () => renderChart({ helm, set: ["chain=true", "autoscaling.kind=hpa"] }),
};

/** By what is special about the values. */
export const renderings: Renderings = {
  "the broker in the release": () => renderChart({ helm }),
  "a broker of one's own": () => renderChart({ helm, set: ["nats.enabled=false", external] }),
  local: () => renderChart({ helm, values: [valuesFile("local")] }),
  production: () => renderChart({ helm, values: [valuesFile("production")] }),
  "replicas by processor time": () => renderChart({ helm, set: ["autoscaling.kind=hpa"] }),
  "the HTTP API open, behind both kinds of proxy": () => renderChart({ helm, set: openApi }),
  "replicas by lag, none without work": () => renderChart({ helm, set: ["autoscaling.kind=keda", "autoscaling.min=0"] }),
  ...chainedRenderings,
};
