#!/bin/bash
# Makes Wine's own folder, its prefix, in a fresh Debian. Runs in a mount namespace of its own, with which the mounts end.
# Argument: ROOT
set -eu
cd "$1"
mount --rbind /dev dev
mount -t proc proc proc
cp /etc/hosts /etc/resolv.conf etc/
mkdir -p -m 700 ".$XDG_RUNTIME_DIR"
exec chroot . /bin/bash -c 'wineboot --init && wineserver -w'
