// `npm run langflow`: runs the real Langflow alone and behind Lockstep, and prints what each port speaks. `-- --write` also writes
// docs/langflow.md, `-- --only 1.9` runs one version.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPackages } from './build.mjs'
import { install, versions } from './langflow/install.mjs'
import { measureAlone } from './langflow/measure-alone.mjs'
import { measureBehind } from './langflow/measure-behind.mjs'
import { report, writeReport } from './langflow/report.mjs'
import { runStep } from './peers/run-step.mjs'
import { runTool } from './run-tool.mjs'
import { ensureInstalled } from './set-up.mjs'

await ensureInstalled()
process.exitCode = (await buildPackages()) === 0 ? await main(process.argv.slice(2)) : 1

async function main(words) {
  if (process.platform !== 'linux') {
    console.error('This runs on Linux only: it finds the processes of each server in /proc.')
    return 2
  }
  const only = words.includes('--only') ? words[words.indexOf('--only') + 1] : undefined
  const wanted = versions.filter(({ pins }) => only === undefined || pins === only)
  const results = []
  for (const version of wanted) results.push(await measure(version))
  const text = report(results)
  console.log(`\n${text}`)
  if (words.includes('--write')) {
    writeReport(text)
    await runTool('@biomejs/biome', 'biome', ['format', '--write', 'docs/langflow.md'])
  }
  return isHealed(results) ? 0 : 1
}

async function measure(version) {
  const program = await install(version)
  const alone = []
  for (const asWindows of [false, true])
    alone.push(
      await inFolder(async (folder) => {
        const files = await pairIn(folder, 'first')
        console.log(`Langflow ${version.name}, as on ${asWindows ? 'Windows' : 'Linux'} …`)
        return { asWindows, ...(await measureAlone(program, { folder, files, asWindows })) }
      }),
    )
  const behind = await inFolder(async (folder) => {
    const files = await pairIn(folder, 'first')
    // Langflow's own line for a look at the certificate.
    await runStep('openssl', ['x509', '-in', files.cert, '-text', '-noout'])
    const renewed = await pairIn(folder, 'second')
    console.log(`Langflow ${version.name}, as on Windows, behind Lockstep …`)
    return measureBehind(program, { folder, files, renewed, asWindows: true })
  })
  return { version: version.name, alone, behind }
}

function isHealed(results) {
  return results.every(
    ({ behind: { flow, reload, stop } }) =>
      flow.events.at(-1) === 'end' &&
      reload.failures.length === 0 &&
      reload.isRenewed &&
      stop.code === 0 &&
      stop.left === 0,
  )
}

async function inFolder(run) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-langflow-'))
  try {
    return await run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A certificate for localhost that its own file verifies. The packages are imported when they are built. */
async function pairIn(folder, name) {
  const { issueCertificate } = await import('@lockstep/certs')
  const issued = await issueCertificate({ hosts: ['localhost', '127.0.0.1'] })
  const files = { cert: join(folder, `${name}-cert.pem`), key: join(folder, `${name}-key.pem`) }
  writeFileSync(files.cert, issued.chainPem, { mode: 0o600 })
  writeFileSync(files.key, issued.keyPem, { mode: 0o600 })
  return { ...files, certPem: issued.chainPem, fingerprint256: issued.fingerprint256 }
}
