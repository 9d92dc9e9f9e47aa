import { type ContractSection, honoured, refused } from '../contract-row.ts'

/** Settings of Node for the whole process, by `NODE_OPTIONS` or before the script. */
export const nodeRows = {
  title: 'Settings of Node',
  heads: ['the setting', 'what happens'],
  programs: honoured('A program inherits `NODE_OPTIONS` and other variables.'),
  rows: {
    import: {
      what: '`--import FILE` and `--require FILE` of Lockstep',
      inNode: honoured('Every process that serves loads these modules once, before the app.'),
      programs: refused('LOCKSTEP_ERR_OPTION_REFUSED', 'Set `NODE_OPTIONS` for a program in Node.'),
    },
    preload: {
      what: '`NODE_OPTIONS=--import FILE`',
      inNode: honoured('Loads them in every process that serves, and in the launcher.'),
    },
    flags: {
      what: '`NODE_OPTIONS=--max-old-space-size=…` and other flags',
      inNode: honoured('They hold in every process that serves.'),
    },
    inspect: {
      what: '`--inspect`, `--inspect-brk`, `--inspect-wait`',
      single: honoured('Opens the inspector of the process.'),
      cluster: honoured(
        'Each worker opens its inspector at a port of its own, counted up from that of the primary.',
      ),
      programs: honoured('In `NODE_OPTIONS` it opens that of the launcher, and of a program in Node.'),
    },
    'header size': {
      what: '`--max-http-header-size`',
      inNode: honoured('The default of `--limit-header-bytes`.'),
    },
    'tls defaults': {
      what: '`--tls-min-v1.x`, `--tls-max-v1.x`, `--tls-cipher-list`',
      inNode: honoured('The defaults of the TLS options, where there is a certificate.'),
    },
    unsafe: {
      what: '`--insecure-http-parser`, `--security-revert`',
      inNode: refused('LOCKSTEP_ERR_NODE_SETTING', 'Remove it.'),
    },
    'any certificate': {
      what: '`NODE_TLS_REJECT_UNAUTHORIZED=0`',
      inNode: refused('LOCKSTEP_ERR_NODE_SETTING', 'Name the CA: `NODE_EXTRA_CA_CERTS=ca.pem`.'),
    },
    'as root': {
      what: '`NODE_OPTIONS` in `.env`, for root with `--user`',
      inNode: {
        honoured: 'Harmless flags hold.',
        refused: 'LOCKSTEP_ERR_NODE_OPTIONS_AS_ROOT',
        says: 'Others are refused: a worker would obey them as root.',
      },
    },
    permission: {
      what: '`--permission`',
      inNode: {
        honoured: 'Holds, with the permissions that the launcher needs.',
        refused: 'LOCKSTEP_ERR_NODE_PERMISSION',
        says: 'The error names one that is missing.',
      },
    },
  },
} as const satisfies ContractSection
