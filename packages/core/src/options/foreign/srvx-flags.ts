import { ownCertificate } from './common-answers.ts'
import { type ForeignFlag, refused, same } from './foreign-flag.ts'

const asClient = 'Use a client such as curl for that.'

/** The flags of srvx 1. */
export const srvxFlags: readonly ForeignFlag[] = [
  refused('--entry', 'is the file of the app', 'Name the app: `lockstep run app.js`.'),
  refused('--dir', 'is the folder of the app', 'Write `lockstep run . --chdir FOLDER`.'),
  same('--host', 'listens on this interface'),
  refused('--hostname', 'listens on this interface', 'Write `--host`.'),
  same('-p --port', 'listens on this port'),
  refused('--tls', 'serves HTTPS', ownCertificate),
  same('--cert', 'is the certificate'),
  same('--key', 'is the private key'),
  refused(
    '-s --static',
    'serves the files of this folder before the app',
    'Serve them in the app, or with `lockstep serve FOLDER` alone.',
  ),
  refused(
    '--prod',
    'sets NODE_ENV to production, and does not watch',
    'Set the variable `NODE_ENV=production`. Lockstep does not watch.',
  ),
  same('--import', 'loads this module first'),
  refused('--url', 'sends a request to this path', asClient),
  refused('-X --method --request', 'is the method of the request that it sends', asClient),
  refused('-H --header', 'is a field of the request that it sends', asClient),
  refused('-d --data', 'is the body of the request that it sends', asClient, { value: /[{=&]/ }),
  refused('-v --verbose', 'shows the head of the response', asClient, { value: /^https?:/ }),
  same('--version', 'shows the version'),
  same('-h --help', 'shows the help'),
]
