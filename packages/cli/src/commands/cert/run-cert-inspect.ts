import { readFileSync } from 'node:fs'
import {
  certificateFacts,
  judgeChain,
  type KnownRoot,
  knownRoots,
  readCertificates,
  readLocalAuthority,
} from '@lockstep/certs'
import {
  exitCodes,
  LaunchError,
  localAuthorityFolderIfAny,
  type ReadArgv,
  visibleJson,
} from '@lockstep/core/internal'
import { flagText, type Output } from '../command.ts'
import { asCertificateFault } from './certificate-fault.ts'
import { inspectSubject } from './inspect-subject.ts'
import { renderChain } from './render-chain.ts'

export async function runCertInspect(line: ReadArgv, output: Output): Promise<number> {
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
  output.out(line.commandFlags.has('json') ? `${visibleJson(report, 2)}\n` : renderChain(report))
  return findings.some(({ severity }) => severity === 'wrong') ? exitCodes.tls.number : exitCodes.ok.number
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
