import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { answerOf, appContract, contractRows, errorCatalog } from '@lockstep/core/internal'
import { describe, expect, it } from 'vitest'

const backends = ['single', 'cluster', 'programs'] as const
const types = join(createRequire(import.meta.url).resolve('@types/node/package.json'), '..')

/** The events for which Node's types have a listener in a class of servers. */
function eventsOf(file: string, declaration: string): string[] {
  const text = readFileSync(join(types, file), 'utf8')
  const start = text.indexOf(declaration)
  expect(start, `${declaration} in ${file}`).toBeGreaterThan(0)
  const body = text.slice(start, text.indexOf('\n    class ', start + declaration.length))
  const found = [...body.matchAll(/addListener\(\s*event: "(\w+)"/g)].map(([, event = '']) => event)
  expect(found.length).toBeGreaterThan(3)
  return found
}

describe('the contract with apps', () => {
  it('has a row for each event that Node emits on an http.Server, with and without TLS', () => {
    const emitted = [
      ...eventsOf('http.d.ts', 'class Server<'),
      ...eventsOf('net.d.ts', 'class Server extends EventEmitter'),
    ]
    const known = Object.keys(appContract.event.rows)
    expect(emitted.filter((event) => !known.includes(event))).toEqual([])
  })

  it.each([...contractRows()].map(([name, found]) => ({ name, ...found })))(
    'says in sentences what happens to $name under each kind of backend',
    ({ row, section }) => {
      expect(row.what).toMatch(/\S/)
      for (const backend of backends) {
        const answer = answerOf(row, { backend, section })
        const says = ['honoured', 'says'].flatMap((key) => (answer as Record<string, string>)[key] ?? [])
        expect(says.length).toBeGreaterThan(0)
        for (const sentence of says) expect(sentence).toMatch(/^[A-Z`'0-9].*[.!`]$|^`--.*[a-zA-Z]$/)
        if ('refused' in answer && answer.refused !== undefined)
          expect(Object.keys(errorCatalog)).toContain(answer.refused)
      }
    },
  )
})
