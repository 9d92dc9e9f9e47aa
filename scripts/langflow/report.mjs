import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootFolder } from '../workspace.mjs'

const system = (asWindows) => (asWindows ? 'Windows' : 'Linux')

/** The results as Markdown. */
export function report(results) {
  const quoted = (text) => (text === 'nothing' ? '–' : `\`${text}\``)
  const alone = results.flatMap(({ version, alone }) =>
    alone.map(
      ({ asWindows, speaks, banner, uvicorn }) =>
        `| ${version} | ${system(asWindows)} | ${speaks} | ${quoted(banner)} | ${quoted(uvicorn)} |`,
    ),
  )
  const behind = results.map(({ version, behind }) => {
    const { verified, health, curl, flow, reload, stop } = behind
    return [
      `Langflow ${version}, as on Windows, behind \`lockstep exec\`:`,
      '',
      `- ${verified}`,
      `- \`/health\`, with the certificate verified: \`${health}\``,
      `- \`curl -k https://localhost:PORT/health\`: \`${curl.trim()}\``,
      `- A flow, run with \`stream=true\` and an API key of the user \`${flow.user}\`: \`${flow.type}\`, events ${flow.events.map((event) => `\`${event}\``).join(', ')}`,
      `- The certificate renewed by \`lockstep reload --tls-only\` under load: ${reload.answers} requests answered, ${reload.failures.length} failed, the new certificate ${reload.isRenewed ? 'served' : 'not served'}`,
      `- SIGTERM: exit code ${stop.code} after ${(stop.ms / 1000).toFixed(1)} s, ${stop.left} processes left`,
      '',
    ].join('\n')
  })
  return [
    '| Langflow | as on   | the port speaks | its banner | Uvicorn says |',
    '| -------- | ------- | --------------- | ---------- | ------------ |',
    ...alone,
    '',
    'A dash: not written by the time the port answered.',
    '',
    ...behind,
  ].join('\n')
}

/** Puts the results between the marks of docs/langflow.md. */
export function writeReport(text) {
  const file = join(rootFolder, 'docs/langflow.md')
  const old = readFileSync(file, 'utf8')
  const [start, end] = ['<!-- results -->', '<!-- end of the results -->']
  const [before] = old.split(start)
  const [, after] = old.split(end)
  const date = new Date().toISOString().slice(0, 10)
  writeFileSync(
    file,
    `${before}${start}\n\nMeasured on ${date} on ${process.platform}, Node ${process.version}.\n\n${text}\n${end}${after}`,
  )
}
