import { LaunchError, refused, type TotalBackend } from '@lockstep/core/internal'
import { pythonSupport } from '../python/python-support.ts'
import { type PythonServer, servePython } from '../python/serve-python.ts'
import { oldestUvicorn, uvicornFlags } from './uvicorn-flags.ts'
import { uvicornSettings } from './uvicorn-settings.ts'

const uvicorn: PythonServer = {
  name: 'uvicorn',
  oldest: oldestUvicorn,
  flags: uvicornFlags,
  foreign: { refused: uvicornSettings, shown: (setting) => `UVICORN_${setting.toUpperCase()}` },
  targetOf: ({ app }) => (app.isFactory ? app.target.replace(/\(\)$/, '') : app.target),
  check({ app }) {
    if (!app.isFactory || app.target.endsWith('()')) return
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_APP_UNFIT',
      message: `Uvicorn calls a function that returns the app without arguments, and ${app.target} has some.`,
      hint: 'Write a function without parameters that calls it. Or use --backend gunicorn, which passes them on.',
      source: 'APP',
    })
  },
}

/** The real Uvicorn, for ASGI and WSGI apps. */
export const uvicornBackend: TotalBackend = {
  name: 'uvicorn',
  runs: ['python'],
  support: {
    ...pythonSupport('Uvicorn', {
      ownArguments: 'Write arguments of Uvicorn into variables, as in UVICORN_LOOP=asyncio.',
      ownSignals: ['SIGTERM', 'SIGINT'],
    }),
    'timeouts.hang': refused(
      'Uvicorn has no process that watches one whose event loop is blocked',
      'Use --backend gunicorn, or upstream.responseTimeout (--response-timeout), which ends requests that are not answered.',
    ),
  },
  start: (plan, host) => servePython(plan, { host, server: uvicorn }),
}
