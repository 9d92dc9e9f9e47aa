/** Removes what differs in each run: fingerprints, times, numbers and folders. */
export function asOneLine(text: string): string {
  return text
    .replaceAll(/(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/g, 'FINGERPRINT')
    .replaceAll(/\/[\w./-]*\/(?=certs\/)/g, 'FOLDER/')
    .replaceAll(/\d+/g, 'N')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
