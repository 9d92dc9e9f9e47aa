/**
 * What docs/writing-a-backend.md demands of a backend, besides the effect of each option. Each has a case that checks it (`promises` of the
 * case) and a sabotage that the case catches.
 */
export const backendPromises = {
  'start/export': 'start() serves the export that the plan names.',
  'start/in-memory': 'start() serves host.app if the plan has an app in memory.',
  'start/addresses': 'addresses and redirects are the real ones, in the order of the plan.',
  'start/of-app': 'The address that the app passes to listen() counts above the default of the plan.',
  'start/abort': 'start() rejects soon after host.signal is aborted.',
  'start/leaves-nothing': 'When start() rejects, nothing is bound and no process is left.',
  'start/codes': 'start() rejects with a LaunchError that has the code of what is wrong.',
  'host/events': 'host.emit() gets worker:ready for each worker before start() resolves.',
  'host/events-in-order':
    'A worker that ends is reported by worker:exited, before the one that replaces it is ready.',
  'host/verify':
    'A worker that replaces another one is passed to host.verify(), and a rejection keeps the old worker.',
  'workers/ids': 'workers() lists each worker, with ids from 1.',
  'workers/pids': 'workers() has the process id of the process that serves.',
  'workers/restarts': 'workers() counts how often a place was refilled.',
  'workers/counts': 'workers() counts the requests that were served, if it has `served`.',
  'stop/graceful': 'A graceful stop lets requests in flight end.',
  'stop/leaves-nothing': 'After stop(), nothing is bound and no process is left.',
  'stop/again': 'stop() may be called again, during and after another one, and always settles.',
  'stop/hurry': 'hurry cuts every connection.',
  'stop/kill': 'kill ends everything at once.',
  'stop/more-urgent': 'A more urgent stop takes effect during an earlier one.',
  'stop/drain-delay': 'A graceful stop says that it is not ready, and serves on for the drain delay.',
  'stop/queues': 'A graceful stop serves the connections that wait in the queues of its listeners.',
  'stop/skips-the-delay': 'A more urgent stop ends the drain delay.',
  'stop/signal': "stop() passes its signal to the app's own listeners in processes of the backend.",
  'stop/lifespan': "The app's start is awaited before it serves, and its stop after the drain.",
  'stopped/by-stop': '`stopped` settles without an error after stop().',
  'stopped/by-itself': '`stopped` settles with an error when the server ends by itself.',
  'announced/before': 'Before announced(), no process that dies is replaced.',
  'announced/after': 'After announced(), a worker that dies is replaced.',
  'apply-tls/new-connections': 'applyTls() puts a new snapshot to use for new connections.',
  'apply-tls/all-or-none': 'When applyTls() rejects, the old snapshot stays.',
  'apply-tls/later-workers': 'A worker that starts after applyTls() serves the new snapshot.',
  'apply-tls/open-connections': 'applyTls() leaves open connections alone.',
  'announce-stop': 'announceStop() makes every process say that it is not ready.',
  'reopen-logs': 'reopenLogs() opens the access log again.',
  'listener-failure': "listenerFailure() returns what a listener of the app's server has thrown.",
  'watch-accepts': 'watchAccepts() sees the connections that the server accepts, and no others.',
  'supervisor/restart': 'supervisor.restart() replaces one worker.',
  'supervisor/unknown-worker':
    'supervisor.restart() rejects with a RangeError for a worker that does not exist.',
  'supervisor/facts': 'supervisor knows the number of workers that is wanted, and what each executes.',
} as const satisfies Readonly<Record<string, string>>

export type PromiseName = keyof typeof backendPromises
