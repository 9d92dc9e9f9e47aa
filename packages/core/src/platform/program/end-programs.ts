import { createInterface } from 'node:readline'
import { killMembers, type ProgramIdentity } from './program-members.ts'

// Runs in a process of its own. The shell of `program-guard.ts` starts it with the programs that it has to end. Where there is no such shell, it is
// the guard itself, and reads the lists of programs until the launcher is gone.

const given = process.env['LOCKSTEP_END_PROGRAMS']
await endPrograms(given ?? (await lastLine()))

async function lastLine(): Promise<string> {
  let last = ''
  for await (const line of createInterface({ input: process.stdin })) last = line
  return last
}

async function endPrograms(line: string): Promise<void> {
  await Promise.all(programsIn(line).map((program) => killMembers(program)))
}

/** Process ids and marks, in turns. */
function programsIn(line: string): ProgramIdentity[] {
  const words = line.split(' ').filter(Boolean)
  return words.flatMap((word, at) =>
    at % 2 === 0 && Number(word) > 1 ? [{ pid: Number(word), mark: words[at + 1] ?? '' }] : [],
  )
}
