import { exitCodes } from '../errors/exit-codes.ts'
import { eventCatalog } from './event-catalog.ts'

/** The whole of `docs/events.md`, from the catalogue. */
export function eventDocs(): string {
  const rows = Object.entries(eventCatalog).map(([type, { when, fields }]) => {
    const described = Object.entries(fields).map(([name, meaning]) => `\`${name}\`: ${meaning}`)
    return `| \`${type}\` | ${when} | ${described.join(' ')} |`
  })
  return `# Events and hooks

<!-- Generated from the event catalogue by \`npm run docs\`. Do not edit. -->

An event reports what has happened, and Lockstep does not wait for its listeners. A hook is a function that the launcher calls, and awaits
where that makes sense.

## Events

\`handle.on(type, listener)\` listens to one type of event and returns the function that removes the listener; \`once\` listens to the next
one alone. \`for await (const event of handle.events())\` receives every event from then on, and ends after \`stopped\`.
\`launch(options, { onEvent })\` receives every event, including those before the launch resolves. Each event has its \`type\` and the
properties below. A listener that throws causes an uncaught exception of your program. The server goes on, because a listener is not part
of a launch, a reload or a stop.

A name says what the event is about and, after a colon, what happens to that: \`worker:exited\`. Without a colon the event is about the
server as a whole.

| event | when | properties |
|---|---|---|
${rows.join('\n')}

## Hooks

This is \`lockstep.config.ts\`:

<!-- file: lockstep.config.ts, for: hooks -->

\`\`\`ts
import { appendFile } from 'node:fs/promises'
import type { LockstepConfig } from 'lockstep'

export default {
  app: './app.js',
  workers: 2,
  hooks: {
    async beforeStart({ workers }) {
      if (workers > 4) throw new Error('this machine is shared: four workers at most')
    },
    workerExit({ worker, code, signal, expected }) {
      if (!expected) console.error(\`worker \${worker} died: \${signal ?? \`exit code \${code}\`}\`)
    },
    async beforeStop({ urgency }) {
      await appendFile('stops.log', \`\${urgency}\\n\`)
    },
  },
} satisfies LockstepConfig
\`\`\`

<!-- run: hooks -->

\`\`\`sh
lockstep run
lockstep stop
grep graceful stops.log
\`\`\`

Its \`beforeStart\` refuses this launch, with exit code ${exitCodes.refused.number}:

<!-- run: hooks, exits: ${exitCodes.refused.number} -->

\`\`\`sh
lockstep run --workers 5
\`\`\`

Set hooks in \`lockstep.config.ts\` (or \`.js\`, \`.mjs\`, \`.cjs\`), or with \`launch({ hooks })\`. A hook of the API replaces the same hook of the file.
Flags, variables and JSON can't hold a function, so there is no other way. Hooks run in the launcher's own process, which is the primary
under \`cluster\`. [The lifespan of the app](lifespan.md) runs in each process that serves. \`lockstep check\` calls no hook.

| hook | when it is called | what waits for it | what an exception does |
|---|---|---|---|
| \`beforeStart(facts)\` | After all checks, before anything is bound or started. | The launch, for at most \`timeouts.boot\`. | Refuses the launch: \`LOCKSTEP_ERR_HOOK_BEFORE_START\`, exit code ${exitCodes.refused.number}. |
| \`workerReady(worker)\` | With \`worker:ready\`, and its properties. | Nothing. | It is logged. |
| \`workerExit(worker)\` | With \`worker:exited\`, and its properties. | Nothing. | It is logged. |
| \`beforeStop({ urgency })\` | Once, when a stop begins. \`health.ready\` already answers 503, and all else goes on. | The stop, for at most \`timeouts.graceful\`. A more urgent stop does not wait. | It is logged. |

The facts of \`beforeStart\` are \`name\`, \`backend\`, \`workers\`, \`scheme\`, \`addresses\` (as asked for) and \`app\` (the path of its module, or \`null\`). The \`urgency\` of \`beforeStop\` is that of the event \`stopping\`; the older property \`force\` is true unless it is \`graceful\`.
`
}
