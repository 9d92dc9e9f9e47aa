import { conformanceCases, type MatrixCell } from '@lockstep/conformance'

/** Text that a server, an app or a backend could put into a report to break out of its markup. */
export const hostile =
  '</script></style></td></failure>--><img src=x onerror="alert(1)"> \'single\' & &lt; | \\| ` `` **bold** [link](javascript:alert(1)) ]]>\n# heading\n| a | b |\r\n\t\u0000\u0001\u001B[31m\u202E\u2028\uD800\uFFFE $& $1'

/** The same text as a reader must see it: on one line, with invisible characters made visible. */
export const hostileShown =
  '</script></style></td></failure>--><img src=x onerror="alert(1)"> \'single\' & &lt; | \\| ` `` **bold** [link](javascript:alert(1)) ]]>\n# heading\n| a | b |\n\t\\u{0}\\u{1}\\u{1b}[31m\\u{202e}\\u{2028}\\u{d800}\\u{fffe} $& $1'

/** All invisible or forbidden characters, without tabs and line feeds. */
export const forbidden = /[^\P{Cc}\t\n]|[\u202E\u2028\uFFFE]|\p{Cs}/u

/** A report in which every text is hostile. */
export const hostileCells: readonly MatrixCell[] = [
  {
    platform: hostile,
    backend: hostile,
    state: 'falls short',
    reason: hostile,
    report: {
      backend: hostile,
      platform: hostile,
      runtime: hostile,
      node: hostile,
      arch: hostile,
      lockstep: hostile,
      clients: { [hostile]: hostile, curl: null },
      startedAt: '2026-11-24T13:02:11.000Z',
      durationMs: 1_000,
      results: [
        {
          id: `${hostile}/${hostile}`,
          level: 'MUST',
          door: 'launch',
          status: 'fail',
          detail: hostile,
          durationMs: 10,
          observations: [
            {
              client: 'raw',
              asked: hostile,
              outcome: 'refused',
              reason: hostile,
              status: null,
              tls: {
                version: hostile,
                cipher: hostile,
                group: hostile,
                fingerprint256: hostile,
                alpn: hostile,
                resumed: true,
              },
            },
          ],
        },
      ],
    },
  },
  { platform: hostile, backend: 'cluster', state: 'not run', reason: hostile, report: null },
]

/** Cases of which one has the hostile id. */
export const hostileCases = [
  ...conformanceCases,
  { id: `${hostile}/${hostile}`, level: 'MUST' as const, requirement: hostile, source: hostile },
]
