{{/* Name of everything of this release. */}}
{{- define "nocp.fullname" -}}
{{- if contains "nocp" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-nocp" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end -}}
{{- end }}

{{/* What selects the pods of a service: (list context service). */}}
{{- define "nocp.selector" -}}
app.kubernetes.io/name: nocp
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Labels of an object: (list context component). */}}
{{- define "nocp.labels" -}}
{{ include "nocp.selector" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ printf "%s-%s" (index . 0).Chart.Name (index . 0).Chart.Version }}
{{- end }}

{{- define "nocp.image" -}}
{{- with .Values.image }}
{{- if .digest }}{{ printf "%s@%s" .repository .digest }}{{ else }}{{ printf "%s:%s" .repository (.tag | default $.Chart.AppVersion) }}{{ end -}}
{{- end }}
{{- end }}

{{/* The broker of this release, or the one that is named. */}}
{{- define "nocp.natsHost" -}}
{{ printf "%s.%s.svc" (include "nocp.natsName" .) .Release.Namespace }}
{{- end }}
{{- define "nocp.natsName" -}}
{{- if contains "nats" .Release.Name }}{{ .Release.Name }}{{ else }}{{ printf "%s-nats" .Release.Name }}{{ end -}}
{{- end }}
{{- define "nocp.brokerUrl" -}}
{{- if .Values.broker.url }}{{ .Values.broker.url }}{{ else if .Values.nats.enabled }}{{ printf "nats://%s:4222" (include "nocp.natsHost" .) }}{{ else }}{{ fail "broker.url is empty and nats.enabled is false: name a broker, or let the chart install one" }}{{ end -}}
{{- end }}
{{- define "nocp.brokerMonitoring" -}}
{{- if .Values.broker.monitoring }}{{ .Values.broker.monitoring }}{{ else if .Values.nats.enabled }}{{ printf "%s-headless.%s.svc:8222" (include "nocp.natsName" .) .Release.Namespace }}{{ else }}{{ fail "autoscaling.kind is keda and broker.monitoring is empty: KEDA reads the lag from the broker's monitoring address" }}{{ end -}}
{{- end }}

{{/* What the Secrets begin with that the chart makes for the broker of this release. */}}
{{- define "nocp.ownUsers" -}}
{{ include "nocp.fullname" . }}-broker
{{- end }}

{{/* What the Secrets of the broker's users begin with; nothing where all services have one login. */}}
{{- define "nocp.userSecrets" -}}
{{- if .Values.broker.userSecrets }}{{ .Values.broker.userSecrets }}{{ else if .Values.nats.enabled }}{{ include "nocp.ownUsers" . }}{{ end -}}
{{- end }}

{{/* The Secret of a broker's user, or what all have in common: (list context user). */}}
{{- define "nocp.brokerSecret" -}}
{{- with include "nocp.userSecrets" (index . 0) }}{{ . }}-{{ index $ 1 }}{{ else }}{{ (index . 0).Values.broker.existingSecret }}{{ end -}}
{{- end }}

{{/* The account whose streams KEDA looks at. */}}
{{- define "nocp.brokerAccount" -}}
{{- .Values.broker.account | default (ternary (.Files.Get "files/access.yaml" | fromYaml).account "$G" (ne (include "nocp.userSecrets" .) "")) -}}
{{- end }}

{{/* The settings of every service, as environment variables. */}}
{{- define "nocp.settings" -}}
NATS_URL: {{ include "nocp.brokerUrl" . | quote }}
NOCP_NATS_REPLICAS: {{ .Values.broker.replicas | quote }}
{{- if include "nocp.userSecrets" . }}
NOCP_MESSAGING_PROVISION: await
{{- else if .Values.broker.provisionerSecret }}
NOCP_MESSAGING_PROVISION: verify
{{- end }}
{{- with .Values.telemetry.endpoint }}
OTEL_EXPORTER_OTLP_ENDPOINT: {{ . | quote }}
{{- end }}
{{- range $name, $value := .Values.settings }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end }}

{{/* What is deployed: every service, or with `chain` one process in the place of all stages. */}}
{{- define "nocp.components" -}}
{{- $topology := .Files.Get "files/topology.yaml" | fromYaml -}}
{{- $components := $topology.services -}}
{{- if .Values.chain -}}
{{- range $stage, $_ := $topology.stages }}{{ $components = without $components $stage }}{{ end -}}
{{- $components = prepend $components "chain" -}}
{{- end -}}
{{- $components | toYaml -}}
{{- end }}

{{/* A component's values over the defaults; the chain has the settings of all stages below its own: (list context component). */}}
{{- define "nocp.service" -}}
{{- $context := index . 0 -}}
{{- $own := index $context.Values.services (index . 1) | default dict -}}
{{- $shared := dict -}}
{{- if eq (index . 1) "chain" -}}
{{- range $stage, $_ := ($context.Files.Get "files/topology.yaml" | fromYaml).stages -}}
{{- range $name, $value := (index $context.Values.services $stage | default dict).settings -}}
{{- if and (hasKey $shared $name) (ne (toString (get $shared $name)) (toString $value)) (not (hasKey ($own.settings | default dict) $name)) -}}
{{- fail (printf "chain is true and the stages have different values of %s: set it in services.chain.settings" $name) -}}
{{- end -}}
{{- $_ := set $shared $name $value -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- mergeOverwrite (deepCopy $context.Values.defaults) (dict "settings" $shared) (deepCopy $own) | toYaml -}}
{{- end }}

{{/* The Secrets of a component, as a list: the chain has those of all stages, and its own last. (list context component) */}}
{{- define "nocp.secrets" -}}
{{- $context := index . 0 -}}
{{- $component := index . 1 -}}
{{- $secrets := list (include "nocp.brokerSecret" .) -}}
{{- if has $component (list "llm-router" "chain") }}{{ $secrets = append $secrets $context.Values.providers.existingSecret }}{{ end -}}
{{- if eq $component "chain" -}}
{{- range $stage, $_ := ($context.Files.Get "files/topology.yaml" | fromYaml).stages -}}
{{- $secrets = append $secrets (index $context.Values.services $stage | default dict).existingSecret -}}
{{- end -}}
{{- end -}}
{{- append $secrets (include "nocp.service" . | fromYaml).existingSecret | compact | uniq | toYaml -}}
{{- end }}

{{/* Whether others than `kubectl port-forward` reach the HTTP API: "true" or nothing. */}}
{{- define "nocp.gatewayExposed" -}}
{{- with .Values.services.gateway }}{{ if or .exposed .existingSecret }}true{{ end }}{{ end -}}
{{- end }}

{{/* What the Pod Security Standard "restricted" asks of a pod and of a container. */}}
{{- define "nocp.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}
{{- define "nocp.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Where a container gets its environment from: (list context secrets). */}}
{{- define "nocp.environment" -}}
- configMapRef:
    name: {{ include "nocp.fullname" (index . 0) }}-settings
{{- range compact (index . 1) }}
- secretRef:
    name: {{ . }}
{{- end }}
{{- end }}
