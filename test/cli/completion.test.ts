import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findOnPath, optionNames, optionRow } from '@lockstep/core/internal'
import { defineLauncher } from 'lockstep'
import { beforeAll, describe, expect, it } from 'vitest'
import { completionModel } from '../../packages/cli/src/commands/completion/completion-model.ts'
import { commands } from '../../packages/cli/src/main.ts'
import { reportedCodes } from '../support/failed-launch.ts'
import { runLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

// The scripts run in the real shells, in a folder with an app, another file and a folder.

const folder = temporaryFolder()
writeFileSync(join(folder, 'app.js'), '')
writeFileSync(join(folder, 'with space.js'), '')
mkdirSync(join(folder, 'public'))

const unlessInstalled = (program: string): { skip: boolean; title: string } => {
  const skip = findOnPath(program) === null
  return { skip, title: skip ? `${program}, which is not installed here` : program }
}

/** Runs a program of a shell in the folder, and resolves with its lines. */
async function lines(program: string, words: readonly string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(program, [...words], { cwd: folder, timeout: 30_000 })
  return stdout.split('\n').filter((line) => line !== '')
}

async function saveScript(shell: string): Promise<void> {
  const { code, stdout, stderr } = await runLockstep(['completion', shell])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  writeFileSync(join(folder, shell), stdout)
}

/** What the bash script offers; the last word is at the cursor. */
function bashOffers(
  words: readonly string[],
  { script = 'bash', name = 'lockstep' } = {},
): Promise<string[]> {
  const ask = `. ./${script}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _${name}; printf '%s\\n' "\${COMPREPLY[@]}"`
  return lines('bash', ['--norc', '-c', ask, 'bash', name, ...words])
}

describe('the model of the completions', () => {
  const model = completionModel(commands, undefined)

  it('has the flags that the help of each command has', async () => {
    for (const { name } of commands) {
      const { stdout } = await runLockstep([...name.split(' '), '--help'])
      const flags = model.flagGroups.flatMap((group) => (group.commands.includes(name) ? group.flags : []))
      for (const { names } of flags)
        for (const flag of names) expect(stdout, name).toMatch(new RegExp(`(?<![\\w-])${flag}(?![\\w-])`))
      const listed = [...stdout.matchAll(/^ {2}(-.*?)(?: {2}|$)/gm)].flatMap(
        ([, text = '']) => text.match(/(?<![\w-])--?[a-z][a-z0-9-]*/gi) ?? [],
      )
      const offered = flags.flatMap(({ names }) => names.map((flag) => flag.replace('--no-', '--')))
      expect(
        listed.filter((flag) => !offered.includes(flag.replace('--no-', '--'))),
        name,
      ).toEqual([])
    }
  }, 60_000)

  it('knows files, folders and words of each value that has them', () => {
    const placeholders = [
      ...optionNames.map((name) => [name, optionRow(name).kind] as const),
      ...commands.flatMap(({ name, flags }) =>
        Object.entries(flags).map(([flag, described]) => [`${name} --${flag}`, described] as const),
      ),
    ]
    const missing = placeholders.filter(
      ([name, { placeholder = '', completes }]) =>
        /path|file|folder|\w\|\w/.test(placeholder) &&
        completes === undefined &&
        // Paths of a URL, and a name or an address.
        !/^health\.|^upstream\.|cert create --host/.test(name),
    )
    expect(missing.map(([name]) => name)).toEqual([])
  })
})

describe.skipIf(unlessInstalled('bash').skip)(`the script for ${unlessInstalled('bash').title}`, () => {
  beforeAll(() => saveScript('bash'))

  it.each([
    ['commands', ['st'], ['stacks', 'status', 'stop']],
    ['the second word of a command', ['cert', ''], ['create', 'inspect', 'trust', 'untrust']],
    ['flags of a command', ['scale', '--n'], ['--name', '--no-color']],
    ['options of a launch', ['run', 'app.js', '--tls-client'], ['--tls-client-auth']],
    ['options without a command', ['app.js', '--worker-'], []],
    ['the form that switches an option off', ['--no-ver'], ['--no-verify']],
    ['choices', ['run', '--log-format', ''], ['auto', 'json', 'pretty']],
    ['choices after a flag of another program', ['run', '--log-level', 'd'], ['debug']],
    ['choices behind =', ['run', '--log-format', '=', 'j'], ['json']],
    ['choices directly at =', ['run', '--log-format', '='], ['auto', 'json', 'pretty']],
    ['choices of a command', ['cert', 'create', '--key-type', 'rsa'], ['rsa-2048', 'rsa-4096']],
    ['backends', ['run', '--backend', 'g'], ['gunicorn']],
    ['backends and files as the argument', ['conformance', 'c'], ['cluster', 'command']],
    ['files for an app', ['run', '--port', '80', 'a'], ['app.js']],
    ['a file with a space', ['run', '--tls-cert', 'with'], ['with space.js']],
    ['folders alone', ['serve', ''], ['public']],
    ['folders for a flag', ['cert', 'create', '--out', ''], ['public']],
    ['nothing for a number', ['run', '--port', ''], []],
    ['programs after --', ['exec', '--', 'prin'], ['printenv', 'printf']],
    ['files after a program', ['exec', '--', 'printf', 'app'], ['app.js']],
    ['shells', ['completion', 'f'], ['fish']],
    ['commands for help', ['help', 'sca'], ['scale']],
  ])('offers %s', async (_what, words, expected) => {
    const offered = [...new Set(await bashOffers(words))].toSorted()
    if (words.includes('prin')) expect(offered).toEqual(expect.arrayContaining(expected))
    else expect(offered).toEqual(expected)
  })

  it("completes a product's launcher under its own name, with its own flags", async () => {
    const launcher = defineLauncher({
      name: 'shop-server',
      envPrefix: 'SHOP',
      aliases: { '--certificate': 'tls.cert' },
      refused: { '--sticky': 'The shop has no sessions.' },
    })
    let script = ''
    const write = (text: string): void => {
      script += text
    }
    expect(await launcher.main(['completion', 'bash'], { out: write, err: write })).toBe(0)
    expect(script).not.toContain('lockstep')
    writeFileSync(join(folder, 'shop'), script)
    const own = { script: 'shop', name: 'shop_server' }
    expect(await bashOffers(['run', '--certif'], own)).toEqual(['--certificate'])
    expect(await bashOffers(['run', '--certificate', 'app'], own)).toEqual(['app.js'])
    expect(await bashOffers(['run', '--stick'], own)).toEqual([])
    expect(await bashOffers(['conf'], own)).toEqual([])
  })
})

describe.skipIf(unlessInstalled('fish').skip)(`the script for ${unlessInstalled('fish').title}`, () => {
  beforeAll(() => saveScript('fish'))

  it.each([
    ['lockstep st', ['stacks', 'status', 'stop']],
    ['lockstep cert ', ['create', 'inspect', 'trust', 'untrust']],
    ['lockstep run --log-format ', ['auto', 'json', 'pretty']],
    ['lockstep run ap', ['app.js']],
    ['lockstep serve ', ['public/']],
    ['lockstep run --tls-client', ['--tls-client-auth']],
    ['lockstep run --backend g', ['gunicorn']],
    ['lockstep status --tls', []],
  ])('completes %s', async (line, expected) => {
    const offered = await lines('fish', ['--no-config', '-c', 'source ./fish; complete -C $argv[1]', line])
    expect(offered.map((text) => text.split('\t')[0]).toSorted()).toEqual(expected)
  })
})

describe.skipIf(unlessInstalled('zsh').skip)(`the script for ${unlessInstalled('zsh').title}`, () => {
  beforeAll(() => saveScript('zsh'))

  /** Types into an interactive zsh and reads until it has shown the expected words in this order. A word that does not come ends at the deadline of `lines`. */
  const typed = `zmodload zsh/zpty
zpty shell zsh -f -i
await() { zpty -r shell shown "*$1*" || exit 1 }
zpty -w shell 'autoload -U compinit; compinit -u -D; source ./zsh; stty cols 200 rows 200; print rea""dy'
await ready
zpty -w -n shell "$1"$'\\t\\t'
for word in "\${@[2,-1]}"; do await "$word"; done
print done
zpty -d shell`

  it.each([
    ['lockstep st', ['stacks ', 'status ', 'stop ']],
    ['lockstep cert ', ['create ', 'inspect ', 'untrust ']],
    ['lockstep run --log-format=', ['auto ', 'json ', 'pretty']],
    ['lockstep run --tls-c', ['--tls-ca ', '--tls-cert ', '--tls-client-auth ']],
    ['lockstep run --tls-cert ap', ['app.js']],
  ])(
    'completes %s',
    async (line, expected) => {
      expect(await lines('zsh', ['-f', '-c', typed, 'zsh', line, ...expected])).toEqual(['done'])
    },
    40_000,
  )
})

describe('lockstep completion', () => {
  it('names every command in the script for PowerShell', async () => {
    const { stdout } = await runLockstep(['completion', 'powershell'])
    for (const { name } of commands) expect(stdout).toContain(`@{ Name = '${name}'; `)
    // Each quote of a text is doubled.
    for (const line of stdout.split('\n').filter((text) => text.includes('Summary = ')))
      expect((line.match(/'/g) ?? []).length % 2, line).toBe(0)
  })

  it.each([
    [[], 'Missing argument: the shell.'],
    [['bsh'], 'Did you mean bash?'],
  ])('refuses a missing or an unknown shell: %s', async (words, says) => {
    const { code, stdout, stderr } = await runLockstep(['completion', ...words])
    expect({ code, stdout, codes: reportedCodes(stderr) }).toEqual({
      code: 2,
      stdout: '',
      codes: ['LOCKSTEP_ERR_OPTION_INVALID'],
    })
    expect(stderr).toContain(says)
  })
})
