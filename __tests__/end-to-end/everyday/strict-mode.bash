#!/usr/bin/env bash
# the usual strict header with a typical body
set -Eeuo pipefail
IFS=$'\n\t'
trap 'echo "failed at line $LINENO with $?" >&2' ERR
main() {
  local -r name=${1:-world}
  local items=(one two "three four")
  printf '%s\n' "${items[@]}" | while read -r item; do
    echo "$name: $item"
  done
  if ! grep -q nowhere <<<"haystack"; then
    echo "not found, as expected"
  fi
}
main "$@"
