/** Why a goal is not met: the first of these whose pattern fits `benchmark: figure`. Shown beside it. */
const causes = [
  [
    /^memory: .* to PM2$/,
    'each worker has a thread that watches over it where its event loop can not, for a lost parent and for what blocks; a thread of Node takes 9 MB',
  ],
  [
    /^reload under load: time to completion/,
    'workers are replaced one after the other (`--max-surge 1`), so that never more than one is added; Gunicorn starts all new ones at once',
  ],
]

export function causeOf(benchmark, figure) {
  return causes.find(([pattern]) => pattern.test(`${benchmark}: ${figure}`))?.[1] ?? 'not known yet'
}
