import { closeSync, fchmodSync, openSync, writeSync } from 'node:fs'

/** Appends lines to a file that nobody but its owner may read. */
export interface SecretLineFile {
  write(line: Uint8Array): void
  close(): void
}

/**
 * Opens it, with mode 0600 whatever it had before (Windows has no modes). Written at once and not by a stream: several processes
 * append to it, and whoever reads it must find a line before what it opens has been sent.
 */
export function openSecretLineFile(file: string): SecretLineFile {
  const descriptor = openSync(file, 'a', 0o600)
  fchmodSync(descriptor, 0o600)
  let isOpen = true
  return {
    write(line) {
      if (isOpen) writeSync(descriptor, line)
    },
    close() {
      if (isOpen) closeSync(descriptor)
      isOpen = false
    },
  }
}
