import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'

/** Files that were made for a start that may still fail. */
export interface MadeFiles {
  /** The start has succeeded. */
  keep(): void
  /** The start has failed: removes those that are still empty. Does nothing after `keep()`. */
  remove(): Promise<void>
}

/** What ends without a line has failed. A signal of a terminal reaches this shell too. */
const script =
  'trap "" HUP INT QUIT TERM; read -r kept && exit; for file; do [ -s "$file" ] || rm -f -- "$file"; done'

/**
 * Watches files that root has made in folders of root. A shell removes them, because by then this process may be another user, or may
 * have been ended by the app. Where there is no shell, they stay.
 */
export function watchMadeFiles(files: readonly string[]): MadeFiles {
  if (files.length === 0) return { keep() {}, async remove() {} }
  const shell = spawn('/bin/sh', ['-c', script, 'sh', ...files], {
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
  })
  const ended = once(shell, 'close').catch(() => undefined)
  shell.stdin.on('error', () => undefined)
  shell.unref()
  ;(shell.stdin as unknown as Socket).unref()
  return {
    keep: () => void shell.stdin.end('\n'),
    async remove() {
      if (shell.exitCode !== null) return
      shell.ref()
      shell.stdin.end()
      await ended
    },
  }
}
