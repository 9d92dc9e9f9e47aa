import { honoured, LaunchError, refused, type TotalBackend } from '@lockstep/core/internal'
import { pythonSupport } from '../python/python-support.ts'
import { type PythonServer, servePython } from '../python/serve-python.ts'
import { deafWorkerClass, gunicornFlags, oldestGunicorn, workerClass } from './gunicorn-flags.ts'
import { gunicornSettings } from './gunicorn-settings.ts'

const gunicorn: PythonServer = {
  name: 'gunicorn',
  oldest: oldestGunicorn,
  flags: gunicornFlags,
  foreign: {
    refused: gunicornSettings,
    shown: (setting) => `${setting} of gunicorn.conf.py or GUNICORN_CMD_ARGS`,
  },
  targetOf: ({ app }) => app.target,
  check(program) {
    const { python, version } = program
    const deaf = deafWorkerClass(program)
    if (deaf === null && (program.workerClass !== null || workerClass(program) !== null)) return
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_APP_UNFIT',
      message: `The app is ASGI, and ${deaf === null ? `Gunicorn ${version} has no worker for ASGI` : `the worker ${deaf} of Gunicorn ${version} does not`} that believes X-Forwarded-Proto of the front.`,
      hint: `Install one with: ${python} -m pip install uvicorn-worker. Or update Gunicorn, whose own one does since 27.0.0.`,
      source: deaf === null ? '--backend gunicorn' : 'worker_class of gunicorn.conf.py or GUNICORN_CMD_ARGS',
    })
  },
}

/** The real Gunicorn, for ASGI and WSGI apps. */
export const gunicornBackend: TotalBackend = {
  name: 'gunicorn',
  runs: ['python'],
  support: {
    ...pythonSupport('Gunicorn', {
      ownArguments: 'Write arguments of Gunicorn into gunicorn.conf.py or GUNICORN_CMD_ARGS.',
      ownSignals: ['SIGTERM', 'SIGINT', 'SIGQUIT'],
    }),
    app: (_, { platform }) =>
      platform === 'win32'
        ? refused('Gunicorn does not run on Windows', 'Use --backend uvicorn, or leave the backend to auto.')
        : honoured('started by Gunicorn, as MODULE:NAME'),
    'timeouts.hang': (ms) =>
      ms % 1_000 === 0
        ? honoured('the master of Gunicorn replaces the worker')
        : refused('Gunicorn counts whole seconds', 'Write whole seconds.'),
  },
  start: (plan, host) => servePython(plan, { host, server: gunicorn }),
}
