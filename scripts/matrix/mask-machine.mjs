/** What comes before these folders says where this machine keeps the repository. */
const folders =
  /(?:file:\/\/\/?)?(?:[A-Za-z]:)?(?:[\\/]+[\w.@+~-]+)*[\\/]+(?=(?:packages|node_modules|examples|\.peers)[\\/])/g
const temporary = /(?:[A-Za-z]:)?(?:[\\/]+[\w.@+~-]+)*[\\/]+(lockstep-[a-z-]+)-\w{6}(?![\w-])/g
/** Without the path, the last part must look random: `lockstep-config-schema` does not. */
const bareTemporary = /\b(lockstep-[a-z-]+)-(?=\w*[A-Z0-9])\w{6}(?![\w-])/g
const ports = /(127\.0\.0\.1|localhost|\[::1\]):\d{2,5}\b/g

/**
 * A text without what differs from one machine, or one run, to the next: paths, names of temporary folders, ports. So the page names no path of
 * a contributor, and the same finding of two runs is the same text.
 */
export function maskMachine(text) {
  return text
    .replaceAll(folders, '')
    .replaceAll(temporary, '$1-XXXXXX')
    .replaceAll(bareTemporary, '$1-XXXXXX')
    .replaceAll(ports, '$1:PORT')
}

/** A cell of the matrix whose report says the same, masked. */
export function maskCell({ report, ...cell }) {
  if (report === null) return { ...cell, report }
  const results = report.results.map((result) => ({ ...result, detail: maskMachine(result.detail) }))
  return { ...cell, report: { ...report, results } }
}
