import { join } from 'node:path'
import { execa } from 'execa'
import { expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** As Node itself says it, before anything else is loaded. */
function onNode(version: string): string {
  const source = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`
  return `data:text/javascript,${encodeURIComponent(source)}`
}

it.each(['20.20.2', '22.17.1'])(
  'launch() on Node %s is refused with the version it needs',
  async (version) => {
    const folder = temporaryFolder()
    write(
      folder,
      'start.mjs',
      `import { launch } from ${JSON.stringify(import.meta.resolve('lockstep'))}
     await launch({ app: () => undefined, port: 0 }).catch(({ faults, exitCode }) => console.log(JSON.stringify({ faults, exitCode })))`,
    )
    const { stdout } = await execa(process.execPath, ['--import', onNode(version), join(folder, 'start.mjs')])
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 6,
      faults: [
        {
          code: 'LOCKSTEP_ERR_NODE_VERSION',
          message: expect.stringContaining(`this program runs on Node ${version}`),
        },
      ],
    })
  },
)
