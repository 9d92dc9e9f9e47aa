import type { RecordedObservation } from '../clients/recorder.ts'

/** One exchange on one line of plain text. */
export function observationLine({
  client,
  asked,
  outcome,
  status,
  reason,
  tls,
}: RecordedObservation): string {
  const said = [outcome, status === null ? '' : ` ${status}`, reason === '' ? '' : `: ${reason}`].join('')
  if (!tls) return `${client}, ${asked}: ${said}`
  const session = [
    tls.version,
    tls.cipher,
    tls.group,
    tls.alpn,
    `leaf ${tls.fingerprint256}`,
    tls.resumed ? 'resumed' : null,
  ]
  return `${client}, ${asked}: ${said}; ${session.filter((part) => part !== null && part !== '').join(', ')}`
}
