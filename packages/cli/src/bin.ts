import { runUnderInit, surviveClosedOutput } from '@lockstep/core'
import { main } from './main.ts'
import { renderInitWarning } from './render/init-warning.ts'

surviveClosedOutput()
const obstacle = runUnderInit(process.argv)
if (obstacle !== null) process.stderr.write(renderInitWarning(obstacle))
process.exitCode = await main(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
})
// An app in this process may hold timers and connections that nobody told to end. What was written goes out first: a pipe
// on Windows is asynchronous.
process.stdout.write('', () => process.stderr.write('', () => process.exit()))
