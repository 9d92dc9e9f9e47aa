import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import {
  endOrphans,
  findPrivatePlace,
  killProgram,
  membersOf,
  openProgramGuard,
  type ProgramLine,
  type ProgramStart,
  proveListening,
  type StartedProgram,
  startProgram,
  stopProgram,
} from '@lockstep/core/internal'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { liveProcesses } from '../support/processes.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const guard = openProgramGuard({ onFailure: () => undefined })
const started: StartedProgram[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((program) => killProgram(program)))
})
afterAll(() => guard.close())

const node = process.execPath
const forever = 'setInterval(() => undefined, 1_000_000)'

async function start(
  command: string,
  args: readonly string[],
  more: Partial<ProgramStart> = {},
): Promise<{ program: StartedProgram; lines: ProgramLine[]; wrote: (text: string) => Promise<void> }> {
  const lines: ProgramLine[] = []
  const program = await startProgram({
    command,
    args,
    env: {},
    withheld: [],
    cwd: process.cwd(),
    guard,
    onLine: (line) => lines.push(line),
    ...more,
  })
  started.push(program)
  const wrote = (text: string): Promise<void> =>
    waitUntil(() => lines.some((line) => line.text.includes(text)), {
      what: () => `${text} among ${JSON.stringify(lines)}`,
    })
  return { program, lines, wrote }
}

describe.skipIf(process.platform === 'win32')('a program that is started', () => {
  it('writes lines of both streams, and ends with its exit code', async () => {
    const { program, lines } = await start(node, [
      '-e',
      'console.log("out"); process.stderr.write("no end"); process.exitCode = 7',
    ])
    expect(await program.exited).toEqual({ code: 7, signal: null })
    await program.closeOutput()
    expect(lines).toContainEqual({ stream: 'stdout', text: 'out' })
    expect(lines).toContainEqual({ stream: 'stderr', text: 'no end' })
  })

  it('gets its arguments as they are, an empty input, and no variables that are for the launcher', async () => {
    const odd = ['a b', '"quoted"', "it's", '$HOME', '*', '', 'ü']
    process.env['LOCKSTEP_TEST_SECRET'] = 'secret'
    const script = `process.stdin.on('data', () => undefined).on('end', () =>
      console.log(JSON.stringify([process.argv.slice(1), process.env.PORT, process.env.LOCKSTEP_TEST_SECRET,
        process.env.PYTHONUNBUFFERED, process.env.PYTHONUTF8])))`
    const { program, lines } = await start(node, ['-e', script, '--', ...odd], {
      env: { PORT: '1', PYTHONUTF8: '0' },
      withheld: ['LOCKSTEP_TEST_SECRET'],
    })
    await program.exited
    await program.closeOutput()
    delete process.env['LOCKSTEP_TEST_SECRET']
    expect(JSON.parse(lines[0]?.text ?? '')).toEqual([odd, '1', null, '1', '0'])
  })

  it.each([
    ['a name that PATH does not have', 'no-such-program', /no folder in PATH has it/, 'NOT_FOUND'],
    ['a path where nothing is', './no-such-program', /there is no .*no-such-program/, 'NOT_FOUND'],
  ])('is refused for %s', async (_, command, message, code) => {
    await expect(start(command, [])).rejects.toMatchObject({
      code: `LOCKSTEP_ERR_PROGRAM_${code}`,
      message: expect.stringMatching(message),
    })
  })

  it('is refused when it is not executable, when its interpreter is missing, or its folder', async () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'plain'), '#!/bin/sh\n', { mode: 0o600 })
    writeFileSync(join(cwd, 'script'), '#!/no/such/interpreter\n')
    chmodSync(join(cwd, 'script'), 0o700)
    await expect(start('./plain', [], { cwd })).rejects.toMatchObject({
      code: 'LOCKSTEP_ERR_PROGRAM_START',
      hint: expect.stringContaining('chmod +x'),
    })
    await expect(start('./script', [], { cwd })).rejects.toThrow('names an interpreter that is not there')
    await expect(start('sh', [], { cwd: join(cwd, 'gone') })).rejects.toThrow('is not there')
  })
})

describe.skipIf(process.platform === 'win32')('the stop of a program', () => {
  const stop = { signal: 'SIGTERM', deadlineMs: 10_000 } as const

  it('lets it end by its own signal, and sends that once', async () => {
    const script = `let count = 0; process.on('SIGUSR2', () => { count += 1; setTimeout(() => { console.log('got', count); process.exit(0) }, 300) }); ${forever}; console.log('up')`
    const { program, lines, wrote } = await start(node, ['-e', script])
    await wrote('up')
    expect(await stopProgram(program, { ...stop, signal: 'SIGUSR2' })).toEqual({ forced: false })
    expect(lines.at(-1)?.text).toBe('got 1')
    expect(await membersOf(program)).toEqual([])
  })

  it('kills what ignores its signal, at the deadline, with what that has started in other sessions', async () => {
    const script = `process.on('SIGTERM', () => undefined); require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(forever)}], { detached: true, stdio: 'ignore' }).unref(); ${forever}; console.log('up')`
    const { program, wrote } = await start(node, ['-e', script])
    await wrote('up')
    expect(await membersOf(program)).toHaveLength(2)
    expect(await stopProgram(program, { ...stop, deadlineMs: 300 })).toEqual({ forced: true })
    expect(await membersOf(program)).toEqual([])
    expect((await program.exited).signal).toBe('SIGKILL')
  })

  it('reaches the command of a shell that does not pass the signal on', async () => {
    const script = `process.on('SIGTERM', () => { console.log('ended in order'); process.exit(0) }); ${forever}; console.log('up')`
    // With a second command the shell does not replace itself by the first one.
    const { program, lines, wrote } = await start('sh', ['-c', `"$0" -e "$1"; echo never`, node, script])
    await wrote('up')
    expect(await stopProgram(program, stop)).toEqual({ forced: false })
    await waitUntil(() => lines.some(({ text }) => text === 'ended in order'), { what: 'the last line' })
    expect(await membersOf(program)).toEqual([])
  })

  it('ends npm run and its script in order', { timeout: 60_000 }, async () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ scripts: { serve: 'node serve.js' } }))
    writeFileSync(
      join(cwd, 'serve.js'),
      `let count = 0; process.on('SIGTERM', () => { count += 1; setTimeout(() => { console.log('ended in order', count); process.exit(0) }, 200) }); ${forever}; console.log('up')`,
    )
    const { program, lines, wrote } = await start('npm', ['run', 'serve'], { cwd })
    await wrote('up')
    expect(await stopProgram(program, stop)).toEqual({ forced: false })
    expect(lines.map(({ text }) => text)).toContain('ended in order 1')
    expect(await membersOf(program)).toEqual([])
  })

  it('finds a daemon that has left the tree, the group and the session', async () => {
    const daemon = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(forever)}], { detached: true, stdio: 'ignore' }).unref()`
    const { program } = await start(node, ['-e', daemon])
    expect(await program.exited).toEqual({ code: 0, signal: null })
    expect(await membersOf(program)).toHaveLength(1)
    expect(await stopProgram(program, stop)).toEqual({ forced: false })
    expect(await membersOf(program)).toEqual([])
  })
})

describe.skipIf(process.platform !== 'linux')('the proof that a program listens where it should', () => {
  const listens = `require('node:http').createServer((q, s) => s.end('x')).listen(...JSON.parse(process.argv[1]), () => console.log('up')).on('error', (e) => console.log(e.code))`

  it('finds its process, below a shell too, by port and by socket', async () => {
    for (const kind of ['port', 'socket'] as const) {
      const { place, release } = await findPrivatePlace(kind)
      const where = place.kind === 'tcp' ? [place.port, place.host] : [place.path]
      const words = ['-c', '"$0" -e "$1" "$2"; exit', node, listens, JSON.stringify(where)]
      const { program, wrote } = await start('sh', words)
      await wrote('up')
      expect(await proveListening(program, place)).toEqual({ is: 'proven', exposed: [] })
      await killProgram(program)
      release()
    }
  })

  it('names where else it listens, and another process that has its port', async () => {
    const { place } = await findPrivatePlace('port')
    if (place.kind !== 'tcp') throw new Error('a port was asked for')
    const { program, wrote } = await start(node, ['-e', listens, JSON.stringify([place.port, '0.0.0.0'])])
    await wrote('up')
    expect(await proveListening(program, place)).toEqual({
      is: 'proven',
      exposed: [{ kind: 'tcp', host: '0.0.0.0', port: place.port }],
    })
    const other = await start(node, ['-e', forever])
    expect(await proveListening(other.program, place)).toEqual({ is: 'taken', pid: program.pid })
  })
})

describe.skipIf(process.platform !== 'linux')('a launcher that is killed', () => {
  const host = fileURLToPath(new URL('../fixtures/hosts/starts-program.mjs', import.meta.url))
  const tree = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(forever)}], { detached: true, stdio: 'ignore' }).unref(); ${forever}`

  function launch(): { id: string; child: ChildProcess; up: Promise<unknown> } {
    const id = `program-${process.pid}-${Math.random()}`
    const child = spawn(node, [host, node, '-e', tree], {
      env: { ...process.env, TEST_LAUNCH_ID: id },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    return { id, child, up: once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line') }
  }

  it('leaves nothing of its programs behind', async () => {
    const { id, child, up } = launch()
    await up
    await waitUntil(() => liveProcesses(id).length === 3, { what: 'launcher, program and its child' })
    child.kill('SIGKILL')
    await waitUntil(() => liveProcesses(id).length === 0, { what: () => `the end of ${liveProcesses(id)}` })
  })

  it('is cleaned up after by the next launcher when its guard was killed with it', async () => {
    const { id, child, up } = launch()
    await up
    await waitUntil(() => liveProcesses(id).length === 3, { what: 'launcher, program and its child' })
    const guards = guardsOf(child.pid ?? 0)
    expect(guards).toHaveLength(1)
    for (const pid of guards) process.kill(pid, 'SIGKILL')
    child.kill('SIGKILL')
    await once(child, 'exit')
    // Another launcher of this machine may have been first.
    await endOrphans()
    await waitUntil(() => liveProcesses(id).length === 0, { what: () => `the end of ${liveProcesses(id)}` })
  })
})

/** The guard has an environment of its own, so it is found among the children. */
function guardsOf(launcher: number): number[] {
  const children = readFileSync(`/proc/${launcher}/task/${launcher}/children`, 'latin1').trim().split(' ')
  return children
    .map(Number)
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('read -r line'))
}
