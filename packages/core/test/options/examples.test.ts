import { describe, expect, it } from 'vitest'
import { optionNames, optionRow } from '../../src/options/option-table.ts'

// The values that help, errors and docs/options.md show as examples.

/** `a size from 1KiB to 1MiB, such as 16KiB` has one, `such as 500ms, 30s or 2m (…)` three. */
function examplesIn(expects: string): string[] {
  const [, list = ''] = /such as ([^(;]+)/.exec(expects) ?? []
  const [examples = ''] = list.split(/, (?:without|in|with|which|and)\b/)
  return examples.split(/, | or /).flatMap((example) => (example.trim() === '' ? [] : [example.trim()]))
}

const withExamples = optionNames
  .map((name) => ({ name, examples: examplesIn(optionRow(name).kind.expects) }))
  .filter(({ examples }) => examples.length > 0)

describe('the examples of an option', () => {
  it('are found', () => {
    expect(withExamples.length).toBeGreaterThan(15)
  })

  it.each(withExamples)('are values that it takes: $name', ({ name, examples }) => {
    const { kind } = optionRow(name)
    for (const example of examples) {
      const parsed = kind.schema.safeParse(kind.fromText(example, process.cwd()))
      expect(parsed.success, example).toBe(true)
    }
  })

  it('are followed by units in powers of 1024, as the docs say: 300M is 300 MiB', () => {
    const { schema } = optionRow('recycle.memory').kind
    expect(schema.safeParse('300M').data).toBe(300 * 1_048_576)
  })
})
