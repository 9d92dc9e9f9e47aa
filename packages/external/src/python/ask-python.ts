import {
  askProgram,
  currentFolder,
  LaunchError,
  type LaunchPlan,
  type ProgramAnswer,
} from '@lockstep/core/internal'
import { findPythons } from './find-python.ts'
import { probeMark, probeScript } from './probe-script.ts'
import type { PythonProgram } from './python-program.ts'

type Server = PythonProgram['server']

interface Failure {
  readonly stage: 'server' | 'settings' | 'module' | 'load' | 'export' | 'app'
  readonly text: string
}

/** What `probe-script.ts` writes. */
interface Facts {
  readonly python: string
  readonly versions: Readonly<Record<string, string>>
  readonly settings?: readonly string[]
  readonly workerClass?: string
  readonly interface?: 'asgi' | 'wsgi'
  readonly factory?: string
  readonly failure?: Failure
}

/**
 * Finds the Python that has the server, and asks it for versions and for the app, which it loads. Rejects with a `LaunchError` when the server is not
 * installed, or with what is wrong with the app. Nothing is left running.
 */
export async function askPython(
  server: Server,
  { plan, signal }: { plan: LaunchPlan; signal: AbortSignal },
): Promise<PythonProgram> {
  const { app } = plan
  if (app.kind !== 'python') throw new TypeError(`${server} runs Python apps`)
  const pythons = await findPythons(server, app.directory)
  for (const python of pythons) {
    const answer = await askProgram(python, {
      args: ['-c', probeScript, server, app.target, app.directory],
      cwd: currentFolder(),
      // The server reads its own settings from variables, and the app may too.
      env: plan.upstream.variables,
      withheld: plan.secretVariables,
      timeoutMs: plan.timeouts.bootMs,
      signal,
    })
    signal.throwIfAborted()
    const facts = factsIn(answer)
    // Each Python may lack it, as one without packages does.
    if (facts?.failure?.stage === 'server') continue
    return program(server, { python, facts: facts ?? failWith(answer, { plan, target: app.target }), app })
  }
  throw notInstalled(server, pythons)
}

function factsIn({ stdout }: ProgramAnswer): Facts | null {
  const line = stdout.split('\n').findLast((one) => one.startsWith(probeMark))
  return line === undefined ? null : (JSON.parse(line.slice(probeMark.length)) as Facts)
}

function program(
  server: Server,
  { python, facts, app }: { python: string; facts: Facts; app: { target: string; directory: string } },
): PythonProgram {
  const { versions, failure, settings = [], workerClass = null } = facts
  if (failure) throw failureError(failure, { server, python, target: app.target })
  return {
    server,
    python,
    pythonVersion: facts.python,
    version: versions[server] ?? '0',
    versions,
    app: {
      target: app.target,
      directory: app.directory,
      interface: facts.interface ?? 'asgi',
      isFactory: facts.factory !== undefined,
    },
    settings,
    workerClass,
  }
}

/** The probe itself has an answer for all that an app throws. What is left is an app that ends its process, or takes too long. */
function failWith(answer: ProgramAnswer, { plan, target }: { plan: LaunchPlan; target: string }): never {
  if (answer.isLate)
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_BOOT_TIMEOUT',
      message: `The Python app ${target} was not loaded within ${plan.timeouts.bootMs} ms.`,
      hint: 'Give it more time with --boot-timeout, or see what its module waits for while it is imported.',
    })
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_APP_LOAD',
    message: `The Python app ${target} ended its process while it was loaded (${answer.exitCode === null ? 'by a signal' : `exit code ${answer.exitCode}`}).`,
    hint: lastLines(answer.stderr) || 'It wrote nothing to its standard error. Import its module by hand.',
  })
}

function notInstalled(server: Server, pythons: readonly string[]): LaunchError {
  const [python = 'python3'] = pythons
  const looked =
    pythons.length > 0
      ? `these have no module of that name: ${pythons.join(', ')}`
      : 'there is no Python in PATH, nor a virtual environment beside the app'
  return new LaunchError({
    code: 'LOCKSTEP_ERR_PROGRAM_NOT_FOUND',
    message: `${server} is not installed: ${looked}.`,
    hint: `Install it with: ${python} -m pip install ${server === 'uvicorn' ? "'uvicorn[standard]'" : server}. Or activate the environment that has it.`,
    source: `--backend ${server}`,
  })
}

function failureError(
  { stage, text }: Failure,
  { server, python, target }: { server: Server; python: string; target: string },
): LaunchError {
  switch (stage) {
    case 'module':
      return new LaunchError({
        code: 'LOCKSTEP_ERR_APP_NOT_FOUND',
        message: `The module of the Python app ${target} could not be imported: ${text}.`,
        hint: `Name it as MODULE:NAME from the folder of the module, or by its file, as in ./main.py:app. ${python} was asked.`,
        source: 'APP',
      })
    case 'export':
      return new LaunchError({
        code: 'LOCKSTEP_ERR_APP_EXPORT_MISSING',
        message: `The Python app ${target} is not there: ${text}.`,
        hint: 'Write the name of the app after the colon, as in main:app, or main:create_app() for a function that returns it.',
        source: 'APP',
      })
    case 'app':
      return new LaunchError({
        code: 'LOCKSTEP_ERR_APP_UNRECOGNISED',
        message: `The Python app is not an ASGI or WSGI app: ${text}.`,
        hint: 'Name a callable: an instance of FastAPI, Starlette or Flask, or the application of a Django project.',
        source: 'APP',
      })
    case 'settings':
      return new LaunchError({
        code: 'LOCKSTEP_ERR_PROGRAM_START',
        message: `${server} can't read its own configuration.`,
        hint: `Check gunicorn.conf.py and GUNICORN_CMD_ARGS with: ${python} -m gunicorn --check-config ${target}`,
        source: 'gunicorn.conf.py',
      })
    case 'load':
    case 'server':
      return new LaunchError({
        code: 'LOCKSTEP_ERR_APP_LOAD',
        message: `The Python app ${target} fails while it is loaded: ${text.trim().split('\n').at(-1)}.`,
        hint: lastLines(text),
        source: 'APP',
      })
  }
}

/** The end of a traceback, which names the place. */
function lastLines(text: string): string {
  return text.trim().split('\n').slice(-12).join('\n')
}
