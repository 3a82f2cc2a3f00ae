#!/bin/sh
# Starts the service or the job that the argument names; its process replaces this one, so that signals reach it.
set -eu

services=/app/dist/services
jobs=/app/dist/deploy/jobs

fail() {
  echo "nocp: $1. Name one of: $(cd "$services" && echo *)" >&2
  exit 2
}

[ "$#" -ge 1 ] || fail "no service named"
service="$1"
shift

case "$service" in
  *[!a-z-]*) fail "no service is called '$service'" ;;
esac
main="$services/$service/src/main.js"
# What runs once and ends: provision, check-answer.
[ -f "$main" ] || main="$jobs/$service.js"
[ -f "$main" ] || fail "no service is called '$service'"

# What hosts all stages has the garbage of all of them.
case "$service" in
  chain | gateway) young=32 ;;
  *) young=8 ;;
esac

# The flags that `./nocp up` starts services with: less memory and less processor time at the same throughput.
exec node "--max-semi-space-size=$young" --heap-growing-percent=100 --no-concurrent-recompilation --no-parallel-scavenge --v8-pool-size=1 --disable-warning=ExperimentalWarning "$main" "$@"
