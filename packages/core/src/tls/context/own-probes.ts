const most = 64
const fingerprints: string[] = []

/** Notes a client certificate that this process shows itself, to see whether it is refused. */
export function noteOwnProbe(fingerprint256: string): void {
  fingerprints.push(fingerprint256)
  if (fingerprints.length > most) fingerprints.shift()
}

export function isOwnProbe(fingerprint256: string): boolean {
  return fingerprints.includes(fingerprint256)
}
