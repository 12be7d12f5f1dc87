#!/usr/bin/env bash
# Runs a repository's governed tests in a container that may use as much of this machine as governed runs may, and no more:
# copy it into the repository and adapt it. The arguments are those of the governed run, for example:
#
#   ./run-ci-docker.sh jest -- --ci
#
#   CONTAINER_IMAGE    the image, node:20 by default
#   CONTAINER_ENGINE   docker by default; podman with its own options works as well
#   CONTAINER_OPTIONS  further options of `docker run`, split at spaces
#
# Inside, the totals are the container's: its budgets are a part of what this script gives it. CI=true turns the queue off there,
# because a container that is thrown away shares none; BASESHOP_CI_QUEUE=1 among the options turns it on.
set -euo pipefail

read -ra engine <<<"${CONTAINER_ENGINE:-docker}"
read -ra image <<<"${CONTAINER_IMAGE:-node:20}"
read -ra options <<<"${CONTAINER_OPTIONS:-}"

# --cpus=… --memory=…, from this machine's totals and the repository's budgets.
# In an assignment of its own: a failure ends the script here, before a container without limits is started.
said=$(npx --no-install test-governor docker-limits)
read -ra limits <<<"$said"

# An empty array is an error to bash before 4.4 under `set -u`.
exec "${engine[@]}" run --rm "${limits[@]}" --volume "$PWD:$PWD" --workdir "$PWD" --env CI=true \
  ${options[@]+"${options[@]}"} "${image[@]}" npm run --silent test:governed -- "$@"
