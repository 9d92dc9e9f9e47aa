import assert from 'node:assert/strict'
import type { LockstepConfig } from '@lockstep/core'
import type { CaseContext } from '../case-context.ts'
import type { ConformanceCase } from '../conformance-case.ts'

/** Options that mean something of POSIX, so that nothing on Windows could honour them. */
const refused: readonly {
  readonly option: 'socket.mode' | 'socket.owner' | 'socket.group' | 'tls.keyPermissions'
  readonly because: string
  readonly options: (context: CaseContext) => LockstepConfig
}[] = [
  {
    option: 'socket.mode',
    because: 'no socket is a file there',
    options: () => ({ socket: { mode: '0660' } }),
  },
  {
    option: 'socket.owner',
    because: 'no socket is a file there',
    options: () => ({ socket: { owner: '0' } }),
  },
  {
    option: 'socket.group',
    because: 'no socket is a file there',
    options: () => ({ socket: { group: '0' } }),
  },
  {
    option: 'tls.keyPermissions',
    because: 'files have access control lists instead of modes there',
    options: ({ certificates: { server } }) => ({
      tls: { cert: server.certFile, key: server.keyFile, keyPermissions: 'enforce' },
    }),
  },
]

export const windowsCases: readonly ConformanceCase[] = refused.map(({ option, because, options }) => ({
  id: `options/refuses/${option.toLowerCase().replace('.', '-')}-on-windows`,
  level: 'MUST',
  requirement: `${option} is refused on Windows, since ${because}: claimed as honoured, it would have no effect.`,
  source: 'DESIGN: honour or refuse',
  observes: [option],
  needs: ['windows'],
  async run(context) {
    // A refusal that is declared ends the case here.
    await context.start(options(context))
    assert.fail(`it started with ${option}, which it claims to honour`)
  },
}))
