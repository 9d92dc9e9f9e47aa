// A launch in a separate process that reloads on request: one line on standard input, one line of JSON for each.
import { createInterface } from 'node:readline'
import { launch } from 'lockstep'

const handle = await launch(JSON.parse(process.argv[2]), {
  config: false,
  envFile: false,
  environment: false,
})
console.log(JSON.stringify({ type: 'ready', addresses: handle.addresses, pid: process.pid }))
for await (const _ of createInterface({ input: process.stdin })) {
  const { changed, acknowledgedMs, durationMs, workers } = await handle.reload()
  console.log(JSON.stringify({ type: 'reloaded', changed, acknowledgedMs, durationMs, workers }))
}
await handle.stop({ force: true })
