import { X509Certificate } from 'node:crypto'
import {
  type LocalAuthority,
  machineTrusts,
  readLocalAuthority,
  type TrustAction,
  type TrustCommand,
  type TrustedRoot,
} from '@lockstep/certs'
import {
  type Fault,
  findTrustStores,
  isTerminal,
  LaunchError,
  localAuthorityFolder,
  runProgram,
  throwFaults,
  visibleText,
} from '@lockstep/core/internal'
import { resultJson } from '../../json/write-json.ts'
import { noteLine } from '../../render/result-lines.ts'
import type { CommandLine, Output } from '../command.ts'
import { confirm } from '../confirm.ts'
import { openLocalAuthority } from './open-local-authority.ts'
import { planTrust } from './plan-trust.ts'
import { renderCommand, renderTrusted, renderUntrusted, renderWord } from './render-trust.ts'

export async function runCertTrust(line: CommandLine, output: Output): Promise<number> {
  const local = await openLocalAuthority(output)
  const stores = findTrustStores()
  const { changed, commands } = await carryOut('trust', { local, line, output, stores })
  if (line.report.asJson)
    output.out(resultJson('cert trust', { changed, root: local.rootFile, commands: commands.map(wordsOf) }))
  else if (changed) output.out(renderTrusted(local, stores))
  return 0
}

export async function runCertUntrust(line: CommandLine, output: Output): Promise<number> {
  const local = await readLocalAuthority(localAuthorityFolder())
  if (!('authority' in local)) {
    const why = local.unusable === null ? '' : `: ${visibleText(local.unusable)}`
    output.out(
      line.report.asJson
        ? resultJson('cert untrust', { changed: false, root: null, commands: [] })
        : noteLine(`There is no local CA${why}.`),
    )
    return 0
  }
  const { changed, commands } = await carryOut('untrust', { local, line, output, stores: findTrustStores() })
  if (line.report.asJson)
    output.out(resultJson('cert untrust', { changed, root: local.rootFile, commands: commands.map(wordsOf) }))
  else if (changed) output.out(renderUntrusted(local))
  return 0
}

const wordsOf = ({ program, args }: TrustCommand): string[] => [program, ...args]

/** Shows the commands, asks the user, runs them, and checks the result. */
async function carryOut(
  action: TrustAction,
  {
    local,
    line,
    output,
    stores,
  }: {
    local: LocalAuthority
    line: CommandLine
    output: Output
    stores: ReturnType<typeof findTrustStores>
  },
): Promise<{ readonly changed: boolean; readonly commands: readonly TrustCommand[] }> {
  const root = new X509Certificate(local.authority.certPem)
  const trusted: TrustedRoot = {
    file: local.rootFile,
    commonName: local.commonName,
    sha1: root.fingerprint.replaceAll(':', ''),
  }
  const { system, nss } = await planTrust(action, {
    stores,
    trusted,
    ask: (query) => runProgram(query, { quiet: true }),
  })
  const commands = [...system, ...nss]
  if (commands.length === 0) throw new LaunchError(nothingToChange(action, local))
  // A program reads them from the result.
  const show = line.report.asJson ? output.err : output.out
  const isOnlyShown = line.commandFlags.has('print')
  if (!line.report.asJson || !isOnlyShown) show(`${commands.map(renderCommand).join('\n')}\n`)
  if (isOnlyShown) return { changed: false, commands }
  if (!line.commandFlags.has('yes')) {
    if (!isTerminal('stdin')) throw new LaunchError(nobodyToAsk(action))
    if (!(await confirm('\nRun these commands?'))) {
      show(noteLine('Nothing was changed.'))
      return { changed: false, commands }
    }
  }
  throwFaults(await runAll(commands))
  // The first time that this process reads the store, because Node caches its content.
  if (system.length > 0 && machineTrusts(root) !== (action === 'trust'))
    throw new LaunchError(notMeasured(action))
  return { changed: true, commands }
}

/** One store that fails does not keep the others from being changed. */
async function runAll(commands: readonly TrustCommand[]): Promise<Fault[]> {
  const faults: Fault[] = []
  for (const command of commands) {
    const failure = await runProgram(command)
    if (failure === null) continue
    faults.push({
      code: 'LOCKSTEP_ERR_TRUST_STORE',
      message: `\`${renderCommand(command)}\` failed: ${failure}.`,
      hint: 'Its output is above. Run it by hand, or as an administrator.',
    })
  }
  return faults
}

function nothingToChange(action: TrustAction, { rootFile }: LocalAuthority): Fault {
  return {
    code: 'LOCKSTEP_ERR_TRUST_STORE',
    message: `No trust store was found on this machine that \`lockstep cert ${action}\` can change.`,
    hint: `Tell each client: curl --cacert ${renderWord(rootFile)}, or NODE_EXTRA_CA_CERTS=${renderWord(rootFile)} for Node.`,
  }
}

function nobodyToAsk(action: TrustAction): Fault {
  return {
    code: 'LOCKSTEP_ERR_OPTION_INVALID',
    message: `\`lockstep cert ${action}\` asks before it runs these commands, and there is no terminal to ask on.`,
    hint: 'Say --yes to run them, or --print to see them.',
  }
}

function notMeasured(action: TrustAction): Fault {
  return {
    code: 'LOCKSTEP_ERR_TRUST_STORE',
    message:
      action === 'trust'
        ? 'The commands succeeded, but the root is not in the trust store that Node reads.'
        : 'The commands succeeded, but the root is still in the trust store that Node reads.',
    hint: 'Look whether SSL_CERT_FILE or SSL_CERT_DIR names another store, and whether an administrator trusted it too.',
  }
}
