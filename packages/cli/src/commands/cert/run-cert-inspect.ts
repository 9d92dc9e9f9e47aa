import { readFileSync } from 'node:fs'
import {
  certificateFacts,
  judgeChain,
  type KnownRoot,
  knownRoots,
  readCertificates,
  readLocalAuthority,
} from '@lockstep/certs'
import { exitCodes, LaunchError, localAuthorityFolderIfAny } from '@lockstep/core/internal'
import { failureJson, resultJson } from '../../json/write-json.ts'
import { type CommandLine, flagText, type Output } from '../command.ts'
import { asCertificateFault } from './certificate-fault.ts'
import { inspectSubject } from './inspect-subject.ts'
import { renderChain } from './render-chain.ts'

export async function runCertInspect(line: CommandLine, output: Output): Promise<number> {
  const [named] = line.positionals
  if (named === undefined)
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_COMMAND_UNKNOWN',
      message: 'No file and no server is named.',
      hint: 'lockstep cert inspect FILE, or lockstep cert inspect HOST:PORT',
    })
  const roots = await rootsToTrust(flagText(line, 'ca'))
  const { source, chain, connection, host } = await inspectSubject(named, {
    serverName: flagText(line, 'server-name'),
    passphraseFile: flagText(line, 'passphrase-file'),
    trustedPems: roots.map(({ certificate }) => certificate.toString()),
  })
  const { root, findings } = judgeChain(chain, {
    now: new Date(),
    roots,
    refusal: connection?.refusal ?? null,
    ...(host !== null && { host }),
  })
  const report = {
    source,
    connection,
    certificates: chain.map(certificateFacts),
    findings,
    root: root && { subject: root.certificate.subject.replaceAll('\n', ', '), trustedBy: root.trustedBy },
  }
  const isWrong = findings.some(({ severity }) => severity === 'wrong')
  const exitCode = (isWrong ? exitCodes.tls : exitCodes.ok).number
  if (!line.report.asJson) output.out(renderChain(report))
  else if (isWrong) output.out(failureJson('cert inspect', { faults: [], exitCode }, { result: report }))
  else output.out(resultJson('cert inspect', report))
  return exitCode
}

async function rootsToTrust(caFile: string | undefined): Promise<KnownRoot[]> {
  const folder = localAuthorityFolderIfAny()
  const local = folder === null ? null : await readLocalAuthority(folder)
  return knownRoots({
    given:
      caFile === undefined ? [] : asCertificateFault(caFile, () => readCertificates(readFileSync(caFile))),
    localRootPem: local && 'authority' in local ? local.authority.certPem : null,
  })
}
