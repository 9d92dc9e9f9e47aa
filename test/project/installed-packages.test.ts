import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { runsEverything, whyLeftOut } from '../support/runs-everything.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

// The packages as a user gets them: packed, and installed by npm with nothing but what they declare. Needs a registry.

const root = fileURLToPath(new URL('../../', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const onWindows = process.platform === 'win32'
const ports = /https:\/\/127\.0\.0\.1:\d+\//

/** The block of the README that has this in it. */
function block(language: string, text: string): string {
  const blocks = [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
  const found = blocks.find(([, name, content = '']) => name === language && content.includes(text))
  if (!found?.[2]) throw new Error(`The README has no block of ${language} with ${text}.`)
  return found[2]
}

describe.skipIf(!runsEverything)(`the packages, installed into an empty project${whyLeftOut}`, () => {
  const folder = temporaryFolder()
  const env = {
    ...Object.fromEntries(
      Object.entries(process.env).filter(
        ([name]) => !/^(LOCKSTEP_|PORT$|NODE_OPTIONS$|VITEST|npm_)/.test(name),
      ),
    ),
    PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
    // The README's port may be taken.
    LOCKSTEP_PORT: '0',
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_RUNTIME_DIR: folder,
  }

  beforeAll(async () => {
    const npm = (words: readonly string[], cwd: string) =>
      promisify(execFile)('npm', [...words], { cwd, shell: onWindows, env })
    const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name))
    for (const each of packages) await npm(['pack', '--pack-destination', folder], each)
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
    const tarballs = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
    expect(tarballs).toHaveLength(packages.length)
    const quietly = ['--no-audit', '--no-fund', '--prefer-offline']
    await npm(['install', ...quietly, ...tarballs.map((name) => `./${name}`)], folder)
    writeFileSync(join(folder, 'app.js'), block('js', 'export default function app'))
  }, 180_000)

  it('have all that they need', async () => {
    const { stdout } = await promisify(execFile)('npm', ['ls', '--all', '--json'], {
      cwd: folder,
      shell: onWindows,
      env,
      maxBuffer: 16_000_000,
    })
    expect(JSON.parse(stdout)).not.toHaveProperty('problems')
  })

  it('run the program of the README', async () => {
    writeFileSync(join(folder, 'start.mjs'), block('js', "from 'lockstep'"))
    const { stdout } = await promisify(execFile)(process.execPath, ['start.mjs'], {
      cwd: folder,
      env,
      timeout: 60_000,
    })
    expect(stdout).toMatch(ports)
  })

  it('run the command of the README', async () => {
    const [, command = ''] = /^npx (lockstep run .*)$/m.exec(block('sh', 'lockstep run')) ?? []
    const [name = '', ...words] = command.split(' ')
    const child = spawn(join(folder, 'node_modules/.bin', onWindows ? `${name}.cmd` : name), words, {
      cwd: folder,
      env,
      shell: onWindows,
    })
    const ended = once(child, 'exit')
    try {
      let written = ''
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          written += chunk
        })
      while (!written.includes('Verified:')) {
        const what = await Promise.race([ended.then(() => 'ended'), once(child.stdout, 'data')])
        if (what === 'ended') throw new Error(written)
      }
      expect(written).toMatch(ports)
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
    } finally {
      child.kill('SIGKILL')
    }
  })
})
