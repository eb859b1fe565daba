#!/bin/sh
# Runs a program on Hob's own Node (24), wherever the script is called from.
#   server/node.sh FILE [ARGUMENT]...
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
case $(uname -m) in
  x86_64) arch=x64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) arch=unknown ;;
esac
node="$root/node_modules/node-linux-$arch/bin/node"
if [ ! -x "$node" ]; then
  node=$(command -v node || true)
  major=$([ -n "$node" ] && "$node" -p 'process.versions.node.split(".")[0]' || echo 0)
  if [ "$major" -lt 24 ]; then
    echo "hob: no Node 24 found. Run 'npm install' in $root (it brings its own), or install Node 24 or newer." >&2
    exit 1
  fi
fi
# glibc gives each thread a heap of its own and hardly gives back; two are enough, and 8 MiB smaller.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
exec "$node" "$@"
