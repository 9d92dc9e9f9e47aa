import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type ContractSabotage, contractSabotages } from './contract-sabotages.ts'

const sabotages = new URL('./contract-sabotages.ts', import.meta.url).href
const apps = /[\\/]conformance[\\/]dist[\\/]apps[\\/]/

/**
 * Changes the app on the command line of this process, `FILE` or `FILE:EXPORT`, to a module in the current folder. It imports the app of the suite
 * and spoils what a row of the contract is about, and nothing for another word. Other words stay.
 */
export function sabotageArguments(row: string): void {
  process.argv = process.argv.map((word) => {
    const [, file = '', name] = /^(.*?\.js)(?::(\w+))?$/.exec(word) ?? []
    if (!apps.test(file) || !existsSync(file)) return word
    const spoilt = join(process.cwd(), `${name ?? 'default'}-sabotaged.mjs`)
    writeFileSync(join(process.cwd(), 'before.mjs'), `${sabotageOf(row)}sabotage.before?.()\n`)
    writeFileSync(spoilt, wrapper({ row, file: pathToFileURL(file).href, name: name ?? 'default' }))
    return name === undefined ? spoilt : `${spoilt}:${name}`
  })
}

function sabotageOf(row: string): string {
  return `import { contractSabotages } from ${JSON.stringify(sabotages)}
const sabotage = contractSabotages[${JSON.stringify(row)}] ?? {}
`
}

/** The exports of the app stay, except for the app itself and its lifespan. */
function wrapper({ row, file, name }: Record<'row' | 'file' | 'name', string>): string {
  // A name that is not exported must stay so, unless the sabotage makes an app of it.
  const isReplaced = (contractSabotages as Record<string, ContractSabotage>)[row]?.app !== undefined
  const others = isReplaced ? '' : `export * from ${JSON.stringify(file)}`
  const named = isReplaced ? `export { app as ${name} }` : ''
  const exported = name === 'default' ? 'export default app' : named
  // What is imported is evaluated first, in this order.
  return `import './before.mjs'
${others}
${sabotageOf(row)}const module = await import(${JSON.stringify(file)}).catch((error) => {
  if (sabotage.app === undefined) throw error
  return {}
})
sabotage.after?.()
const app = sabotage.app ? sabotage.app(module[${JSON.stringify(name)}]) : module[${JSON.stringify(name)}]
const called = (name) =>
  sabotage.without === name || module[name] === undefined
    ? undefined
    : (context) => module[name](sabotage.context?.(context) ?? context)
export const start = called('start')
export const stop = called('stop')
${exported}
`
}
