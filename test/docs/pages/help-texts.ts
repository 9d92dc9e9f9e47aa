import { expect } from 'vitest'
import { main } from '../../../packages/cli/src/main.ts'

async function help(...words: string[]): Promise<string> {
  let text = ''
  const write = (more: string): void => {
    text += more
  }
  expect(await main([...words, '--help'], { out: write, err: write }), text).toBe(0)
  return text
}

/** The help of each command, such as `cert create`, by its name; that of the whole launcher has an empty name. */
export async function helpTexts(): Promise<ReadonlyMap<string, string>> {
  const whole = await help()
  const [, section = ''] = whole.split(/^Commands$/m)
  const names = Array.from(
    (section.split(/\n\n/)[0] ?? '').matchAll(/^ {2}((?:cert )?[a-z-]+)/gm),
    ([, name = '']) => name,
  )
  expect(names).toContain('cert create')
  const texts = await Promise.all(
    names.map(async (name): Promise<[string, string]> => [name, await help(...name.split(' '))]),
  )
  return new Map([['', whole], ...texts])
}
