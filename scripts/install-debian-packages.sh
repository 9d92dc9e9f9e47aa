#!/usr/bin/env bash
# Installs packages of Debian without starting the services that they bring. Needs root.
set -euo pipefail

# Debian starts nginx, Caddy and HAProxy as services once they are installed, unless this program forbids it by
# its exit code (policy-rc.d of init-system-helpers; 101: not allowed). Images of Debian often have one.
service_policy=/usr/sbin/policy-rc.d

if [ ! -e "$service_policy" ]; then
  trap 'rm -f "$service_policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$service_policy"
  chmod 755 "$service_policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >/dev/null
apt-get install -y -qq --no-install-recommends "$@" >/dev/null
