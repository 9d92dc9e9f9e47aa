// Processes that each listen on the same port, and a parent that restarts each one that ends.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const { workers, ...settings } = JSON.parse(process.argv[2])
const bare = fileURLToPath(new URL('./bare.mjs', import.meta.url))
const start = () => fork(bare, [JSON.stringify({ ...settings, reusePort: true })]).once('exit', start)
for (let count = 0; count < workers; count += 1) start()
