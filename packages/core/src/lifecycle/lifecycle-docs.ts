import { type Answer, type Intent, intents, lifecycle, lifecycleStates } from './lifecycle.ts'

/** The picture and the table of `docs/lifecycle.md`, from the table that the launcher goes by. */
export function lifecycleDocs(): string {
  return `${picture()}\n\n${table()}\n`
}

function picture(): string {
  const ways = lifecycleStates.flatMap((state) =>
    Object.entries(lifecycle[state])
      .filter(([, { next, does }]) => next !== state || does === 'escalate')
      .map(([input, { next }]) => `  ${state} --> ${next}: ${input}`),
  )
  return [
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> starting',
    ...ways,
    '  stopped --> [*]',
    '  failed --> [*]',
    '```',
  ].join('\n')
}

function table(): string {
  const rows = lifecycleStates.map(
    (state) =>
      `| \`${state}\` | ${intents.map((intent) => say(intent, lifecycle[state][intent])).join(' | ')} |`,
  )
  return [
    `| state | ${intents.map((intent) => `\`${intent}\``).join(' | ')} |`,
    `| --- | ${intents.map(() => '---').join(' | ')} |`,
    ...rows,
  ].join('\n')
}

function say(intent: Intent, { next, does }: Answer): string {
  switch (does) {
    case 'act':
      return intent === 'reload' || intent === 'stop' ? `goes to \`${next}\`` : 'runs'
    case 'wait':
      return 'runs afterwards'
    case 'escalate':
      return 'cuts connections, then kills'
    case 'refuse':
      return 'is refused'
    case 'nothing':
      return 'has no effect'
  }
}
