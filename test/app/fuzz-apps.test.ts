import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runsEverything } from '../support/runs-everything.ts'

const fuzz = fileURLToPath(new URL('../../scripts/fuzz/run.mjs', import.meta.url))

// A bounded run. `npm run fuzz -- apps` runs ten thousand. The seed is printed, so that a failure can be repeated.
it('no app, whatever it does or exports, crashes Lockstep or causes an unexpected error', async () => {
  const child = spawn(process.execPath, [fuzz, 'apps', '--count', runsEverything ? '600' : '150'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.timeout(150_000),
  })
  let written = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      written += text
    })
  const [code] = await once(child, 'close')
  expect(written).toMatch(/apps: 0 found, with --seed \d+\n$/)
  expect(code).toBe(0)
}, 160_000)
