import { honoured, type OptionSupport, refused } from '@lockstep/core/internal'
import { commandBackend } from '../command/command-backend.ts'

const ofNode = (name: string) =>
  refused(`${name} runs Python apps, and this is of Node`, 'Leave it out, or serve a module of Node.')

/** What the backends for Python apps share, on top of what holds for every program. */
export function pythonSupport(
  name: string,
  { ownArguments, ownSignals }: { ownArguments: string; ownSignals: readonly string[] },
) {
  return {
    ...commandBackend.support,
    app: honoured(`started by ${name}, as MODULE:NAME`),
    command: (value) =>
      value === null
        ? honoured('none')
        : refused(`${name} starts the app itself`, 'Use the backend command, or leave the backend to auto.'),
    'static.directory': (value) =>
      value === null ? honoured('none') : refused(`${name} serves a Python app`, leaveToAuto),
    'static.single': (value) =>
      value ? refused(`${name} serves a Python app`, leaveToAuto) : honoured('none'),
    import: (value) =>
      value === null
        ? honoured('none')
        : refused(
            `${name} loads no modules of Node`,
            'Leave it out. Import what you need in the module of the app.',
          ),
    args: (value) =>
      value === null
        ? honoured('none')
        : refused(`the arguments of a Python app are those of ${name}`, ownArguments),
    interface: (value) =>
      value === 'auto' ? honoured('ASGI or WSGI: the app is asked before the start') : ofNode(name),
    appPorts: (value) => (value === null ? honoured('none') : ofNode(name)),
    waitReady: (value) => (value ? ofNode(name) : honoured('it is ready when its worker is')),
    shutdownWithMessage: (value) => (value ? ofNode(name) : honoured(`${name} gets a signal`)),
    workers: honoured(`each a ${name} of its own, with one worker, on a private address`),
    'upstream.stopSignal': (value, { platform }) => {
      if (platform === 'win32' && value !== 'SIGTERM')
        return refused(
          'Windows has no signals',
          'Leave it out: the program gets Ctrl-C in a console of its own.',
        )
      return ownSignals.includes(value)
        ? honoured('sent after its last request')
        : refused(`${name} does not end by ${value}`, `Use ${ownSignals.join(' or ')}.`)
    },
  } satisfies Partial<OptionSupport>
}

const leaveToAuto = 'Leave the backend to auto: Lockstep itself serves a folder.'
