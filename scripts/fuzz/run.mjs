// Fuzzes one subject of the built packages. Exits with 1 if it finds a problem.
import { parseArgs } from 'node:util'

/** Each exports `run({ seed, count, tell })`, which returns what it found, a line each, and `defaultCount`. */
const subjects = {
  apps: () => import('./apps.mjs'),
  channel: () => import('./channel.mjs'),
  requests: () => import('./requests.mjs'),
  renewals: () => import('./renewals.mjs'),
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string' }, seed: { type: 'string' } },
})
const [name = ''] = positionals
if (!Object.hasOwn(subjects, name)) {
  console.error(`Name a subject: npm run fuzz -- ${Object.keys(subjects).join(' | ')} [--count N] [--seed N]`)
  process.exit(2)
}
const { run, defaultCount } = await subjects[name]()
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
const count = Number(values.count ?? defaultCount)
console.log(`${name}: ${count} inputs with --seed ${seed}`)
const found = await run({ seed, count, tell: (line) => console.log(line) })
for (const line of found.slice(0, 50)) console.error(line)
console.log(`${name}: ${found.length} found, with --seed ${seed}`)
process.exitCode = found.length === 0 ? 0 : 1
