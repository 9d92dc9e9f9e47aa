import { expect, it } from 'vitest'
import { clusterBackend, type OptionSupport, singleBackend } from '../../src/backend.ts'

const answerOf = (
  support: OptionSupport,
  name: 'name' | 'tls.keyPermissions',
  value: never,
  platform: NodeJS.Platform,
) => {
  const answer = support[name]
  return typeof answer === 'function'
    ? answer(value, { platform, isWorkerThread: false, canReadMemory: true, plan: {} as never })
    : answer
}

it.each([singleBackend, clusterBackend])(
  '$name claims support only for options that the platform has',
  ({ support }) => {
    for (const value of ['enforce', 'warn'] as never[]) {
      expect(answerOf(support, 'tls.keyPermissions', value, 'win32')).toMatchObject({ honoured: false })
      expect(answerOf(support, 'tls.keyPermissions', value, 'darwin')).toMatchObject({ honoured: true })
    }
    expect(answerOf(support, 'name', 'x' as never, 'win32')).toMatchObject({
      how: expect.stringContaining('log lines'),
    })
    expect(answerOf(support, 'name', 'x' as never, 'linux')).toMatchObject({
      how: expect.stringContaining('title'),
    })
  },
)
