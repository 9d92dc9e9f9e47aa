import { runUnderInit, surviveClosedOutput } from '@lockstep/core'
import { main } from './main.ts'
import { renderInitWarning } from './render/init-warning.ts'

surviveClosedOutput()
const obstacle = runUnderInit(process.argv)
if (obstacle !== null) process.stderr.write(renderInitWarning(obstacle))
// Not awaited here: after the drain an app may end this process by having nothing left to do, and Node would complain of an await
// at the top level that never settles.
void main(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
}).then((code) => {
  process.exitCode = code
  // An app in this process may hold timers and connections that no stop has closed. What was written goes out first: a pipe on
  // Windows is asynchronous.
  process.stdout.write('', () => process.stderr.write('', () => process.exit()))
})
