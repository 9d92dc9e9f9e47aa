#!/bin/bash
# A private view of the file system in which Wine runs: a Debian with this machine's folders in it, at their own paths.
# Started as the first process of mount and process namespaces of its own, so that all mounts and all processes in there end with it.
# It ends when its standard input does: when the process that started it closes it, or is gone.
#
# Arguments: ROOT RUN WORKSPACE FOLDER…
#   ROOT       the Debian; it is not written to, changes go to a tmpfs above it
#   RUN        a folder with scratch/, modules/.pnpm/ and no-modules/
#   WORKSPACE  its node_modules is replaced by RUN/modules (see flat-modules.mjs)
# Writes the process id that this machine knows it by, once all is in place.
set -eu
root=$1 run=$2 workspace=$3
shift 3

# The /proc in place is still the one of the namespace outside, and so is the id that it shows.
outer_pid=$(exec sed -n 's/^PPid:\t//p' /proc/self/status)

mount -t tmpfs tmpfs "$run/scratch"
mkdir "$run/scratch/upper" "$run/scratch/work" "$run/scratch/root"
mount -t overlay overlay \
  -o "lowerdir=$root,upperdir=$run/scratch/upper,workdir=$run/scratch/work" "$run/scratch/root"
cd "$run/scratch/root"

mount --rbind /dev dev
mount -t proc proc proc
# Without them localhost is not found.
cp /etc/hosts /etc/resolv.conf etc/
for folder in "$@"; do
  mkdir -p ".$folder"
  mount --rbind "$folder" ".$folder"
done

mount --bind "$run/modules" ".$workspace/node_modules"
mount --bind "$workspace/node_modules/.pnpm" ".$workspace/node_modules/.pnpm"
for own in ".$workspace"/packages/*/node_modules; do
  if [ -d "$own" ]; then mount --bind "$run/no-modules" "$own"; fi
done

mkdir -p -m 700 ".$XDG_RUNTIME_DIR"
# The server is kept between starts: each of them is then much quicker. A shell as the first process buries orphans.
# The server opens files and binds ports for the Windows programs. Without these rights of root, a mode denies access to a file as an
# access control list does on Windows, and a port below 1024 is denied as an excluded one is there.
export outer_pid
exec chroot . /bin/bash -c 'nice -n -15 setpriv --bounding-set=-dac_override,-dac_read_search,-net_bind_service \
  wineserver -p \
  && echo "$outer_pid" && cat >/dev/null'
