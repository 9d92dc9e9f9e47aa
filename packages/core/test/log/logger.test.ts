import { expect, it, vi } from 'vitest'
import { loadWinston } from '../../src/log/load-winston.ts'
import { createLogger } from '../../src/log/logger.ts'

// The build makes one file of winston, which is not beside the sources.
vi.mock(import('../../src/log/load-winston.ts'), async () => {
  const winston = await import('winston')
  return { loadWinston: vi.fn(() => winston.default) }
})

const tooManyFiles = new Error('EMFILE: too many open files')
const clock = /\d\d:\d\d:\d\d\.\d+/g

/** What is written to standard error meanwhile. */
function linesOf(action: () => void): string[] {
  const text: string[] = []
  const original = process.stderr.write
  process.stderr.write = ((line: string) => text.push(line) > 0) as typeof process.stderr.write
  try {
    action()
  } finally {
    process.stderr.write = original
  }
  return text.join('').trimEnd().split('\n')
}

it.each(['pretty', 'json'] as const)(
  'writes a line in format %s where winston cannot be loaded',
  (format) => {
    const origin = { name: 'shop', process: 'worker 1' }
    const write = (): void => {
      const log = createLogger({ level: 'info', format }, origin)
      log.error('the app failed\n', { reason: 'odd\u001b', stack: 'Error: x\n    at y', count: 2 })
      log.debug('not shown')
    }
    const withWinston = linesOf(write)
    vi.mocked(loadWinston).mockImplementationOnce(() => {
      throw tooManyFiles
    })
    const without = linesOf(write)
    expect(withWinston.join()).toContain('the app failed')
    expect(withWinston.join()).not.toContain('not shown')
    expect(without.map((line) => line.replace(clock, 'NOW'))).toEqual(
      withWinston.map((line) => line.replace(clock, 'NOW')),
    )
  },
)

it('loads winston with the first line that is shown', () => {
  vi.mocked(loadWinston).mockClear()
  linesOf(() => {
    const log = createLogger({ level: 'warn', format: 'json' }, { name: null, process: 'primary' })
    log.info('not shown')
    expect(loadWinston).not.toHaveBeenCalled()
    log.warn('first')
    log.warn('second')
    expect(loadWinston).toHaveBeenCalledOnce()
  })
  createLogger({ level: 'silent', format: 'json' }, { name: null, process: 'primary' }).error('not shown')
  expect(loadWinston).toHaveBeenCalledOnce()
})
