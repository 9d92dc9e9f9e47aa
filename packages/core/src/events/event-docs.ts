import { eventCatalog } from './event-catalog.ts'

/** The whole of `docs/events.md`, from the catalogue. */
export function eventDocs(): string {
  const rows = Object.entries(eventCatalog).map(([type, { when, fields }]) => {
    const told = Object.entries(fields).map(([name, meaning]) => `\`${name}\`: ${meaning}`)
    return `| \`${type}\` | ${when} | ${told.join(' ')} |`
  })
  return `# Events and hooks

<!-- Generated from the event catalogue by \`npm run docs\`. Do not edit. -->

An event tells what has happened, and nobody waits for whoever listens. A hook is a function that the launcher calls, and awaits
where that makes sense.

## Events

\`handle.on(type, listener)\` listens to one type of event and gives the function that takes the listener off again.
\`launch(options, { onEvent })\` sees every event, those before the launch resolves among them. Each has its \`type\` and the properties
below. A listener that throws is an uncaught exception of your program, and the server goes on: it is not part of any launch, reload or
stop.

| event | when | properties |
|---|---|---|
${rows.join('\n')}

## Hooks

\`\`\`ts
import type { RawOptions } from 'lockstep'

export default {
  app: './app.js',
  hooks: {
    async beforeStart({ workers }) {
      if (workers > 4) throw new Error('this machine is shared: four workers at most')
    },
    workerExit({ worker, code, expected }) {
      if (!expected) console.error(\`worker \${worker} died with \${code}\`)
    },
    async beforeStop() {
      await fetch('http://127.0.0.1:8500/deregister', { method: 'PUT' })
    },
  },
} satisfies RawOptions
\`\`\`

In \`lockstep.config.ts\` (or \`.js\`, \`.mjs\`, \`.cjs\`), or as \`launch({ hooks })\`. A hook of the API is called in the place of that of the
file. No flag, no variable and no JSON can hold a function, so there is no other way. They run in the launcher's own process, under
\`cluster\` that of the primary; [the lifespan of the app](lifespan.md) is in each process that serves. \`lockstep check\` calls none of them.

| hook | when | who waits | what it throws |
|---|---|---|---|
| \`beforeStart(facts)\` | Everything was checked, nothing is bound or started. | The launch, for \`timeouts.boot\` at most. | refuses the launch: \`ERR_HOOK_BEFORE_START\`, exit code 6 |
| \`workerReady(worker)\` | With \`worker:ready\`, and its properties. | nobody | is logged |
| \`workerExit(worker)\` | With \`worker:exit\`, and its properties. | nobody | is logged |
| \`beforeStop({ force })\` | When a stop begins: \`health.ready\` says 503 already, all else goes on. Once, also when the stop becomes more urgent. | The stop, for \`timeouts.graceful\` at most; a stop at once does not wait on. | is logged |

The facts of \`beforeStart\` are \`name\`, \`backend\`, \`workers\`, \`scheme\`, \`addresses\` (as asked for) and \`app\` (the path of its module, or \`null\`).
`
}
