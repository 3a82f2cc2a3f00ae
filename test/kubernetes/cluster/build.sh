#!/usr/bin/env bash
# Builds the programs that cluster.sh runs into $BIN. Each line: what, seconds, size. Modules only come through the Go module proxy.
# Usage: BIN=folder build.sh [kube] [keda] [tools] [nats] [pause] [prometheus] [jaeger]     (no word: kube keda nats)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${BIN:?BIN is the folder that gets the programs}"
: "${PARALLEL:=1}"
mkdir -p "$BIN"
BIN=$(cd "$BIN" && pwd)

build() { # module-folder output package [extra ldflags [flags]]
  local t0=$SECONDS
  (cd "$here/$1" && nice -n 10 go build -p "$PARALLEL" -trimpath -ldflags "-s -w ${4:-}" ${5:-} -o "$BIN/$2" "$3")
  echo "$2 $((SECONDS - t0))s $(($(stat -c %s "$BIN/$2") / 1048576))MiB"
}

[ $# -gt 0 ] || set -- kube keda nats
for what in "$@"; do
  case "$what" in
    kube)
      # Without these the server calls itself v0.0.0-master and clients that compare versions misbehave.
      version=$(cd "$here/kube" && go list -m -f '{{.Version}}' k8s.io/kubernetes)
      minor=${version#v1.}
      v=k8s.io/component-base/version
      # kwok 0.7.0 names a constant that Kubernetes 1.35 dropped (kwok 0.8.0 wants newer modules than 1.35 has): its value
      # takes the name's place in a copy of the module that only this build reads.
      kwok=$BIN/src/kwok
      rm -rf "$BIN/src" && mkdir -p "$BIN/src"
      (cd "$here/kube" && go mod download sigs.k8s.io/kwok k8s.io/kubernetes); cp -r --no-preserve=mode "$(cd "$here/kube" && go list -m -f '{{.Dir}}' sigs.k8s.io/kwok)" "$kwok"
      sed -i 's#metav1.InitialEventsListBlueprintAnnotationKey#"kubernetes.io/initial-events-list-blueprint"#' "$kwok/pkg/utils/informer/informer.go"
      cp "$here/kube/go.mod" "$BIN/src/go.mod" && cp "$here/kube/go.sum" "$BIN/src/go.sum"
      go mod edit -replace "sigs.k8s.io/kwok=$kwok" "$BIN/src/go.mod"
      build kube kube . "-X $v.gitVersion=$version -X $v.gitMajor=1 -X $v.gitMinor=${minor%%.*}" "-modfile $BIN/src/go.mod" ;;
    keda)
      build keda keda-operator github.com/kedacore/keda/v2/cmd/operator
      build keda keda-adapter github.com/kedacore/keda/v2/cmd/adapter ;;
    tools)
      build tools helm helm.sh/helm/v3/cmd/helm
      build tools kustomize sigs.k8s.io/kustomize/kustomize/v5
      build tools kubeconform github.com/yannh/kubeconform/cmd/kubeconform ;;
    pause) CGO_ENABLED=0 build pause pause . ;;
    nats) build nats nats-server github.com/nats-io/nats-server/v2 ;;
    # Of the two dozen ways to discover targets only the one that the configuration uses.
    prometheus)
      for program in promtool prometheus; do
        build prometheus $program github.com/prometheus/prometheus/cmd/$program "" "-tags remove_all_sd,enable_dns_sd"
      done ;;
    jaeger) build jaeger jaeger github.com/jaegertracing/jaeger/cmd/jaeger ;;
    *) echo "build.sh: no part '$what'" >&2; exit 2 ;;
  esac
done
