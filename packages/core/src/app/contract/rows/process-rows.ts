import { type ContractSection, honoured, refused } from '../contract-row.ts'

/** What an app finds in its process, and does to it. */
export const processRows = {
  title: 'The process',
  heads: ['the app', 'what happens'],
  programs: honoured('It is the process of the program, with the variables and the folder of the launcher.'),
  rows: {
    argv: {
      what: '`process.argv`',
      inNode: honoured('Node, the file of the app, and what follows `--`, as after `node app.js ARGS`.'),
      programs: honoured('The words of the command, with `{port}`, `{host}` and `{socket}` filled in.'),
    },
    execArgv: {
      what: '`process.execArgv`',
      single: honoured('The flags of Node with which the launcher was started.'),
      cluster: honoured('The same, without those of one process such as `--inspect` of the primary.'),
    },
    env: {
      what: '`process.env`',
      single: honoured('The variables of the launcher, without secrets of options.'),
      cluster: honoured('The same, and `LOCKSTEP_WORKER`, the number of the worker.'),
    },
    '.env': {
      what: 'a file `.env` in the current folder',
      inNode: honoured('Its variables are set, unless they are set already.'),
    },
    cwd: {
      what: '`process.cwd()`',
      inNode: honoured('The folder of the launcher, or that of `--chdir`.'),
    },
    title: {
      what: '`process.title = …`',
      inNode: honoured('The app keeps its title, also with `--name`.'),
    },
    stdin: {
      what: '`process.stdin`',
      single: honoured('That of the launcher.'),
      cluster: honoured('At its end: several workers cannot share it.'),
      programs: honoured('At its end.'),
    },
    stdout: {
      what: '`console.log()`',
      inNode: honoured('Written to the output of the launcher.'),
      programs: honoured('Written to the log, line by line.'),
    },
    'exit before ready': {
      what: '`process.exit()` before it is ready',
      inNode: refused('LOCKSTEP_ERR_WORKER_BOOT', 'The error has the exit code.'),
      programs: refused('LOCKSTEP_ERR_PROGRAM_ENDED', 'The error has the exit code.'),
    },
    'exit while serving': {
      what: '`process.exit()` while it serves',
      single: honoured('The server ends with that code, and its requests are cut.'),
      cluster: honoured('The requests in that worker are cut, and it is replaced.'),
      programs: honoured('The instance is replaced. The front answers its requests with 502.'),
    },
    'uncaught before ready': {
      what: 'an uncaught exception, or a rejection, before it is ready',
      inNode: refused('LOCKSTEP_ERR_APP_CRASH', 'The error has the stack of the app.'),
      programs: refused('LOCKSTEP_ERR_PROGRAM_ENDED', 'The error has the last lines of its output.'),
    },
    'uncaught while serving': {
      what: 'the same while it serves',
      single: honoured('Ends the server with the exit code 1, as in Node.'),
      cluster: honoured('Ends that worker, and it is replaced.'),
      programs: honoured('The instance is replaced if it ends.'),
    },
    uncaughtException: {
      what: "`process.on('uncaughtException', …)`",
      inNode: honoured('The listener decides, as in Node.'),
    },
    'handler throws': {
      what: 'a handler that throws or rejects for a request',
      inNode: honoured('The client gets 500, the stack is logged, and the process serves on.'),
    },
    'never ready': {
      what: 'an app that is not ready within `timeouts.boot`',
      inNode: refused('LOCKSTEP_ERR_BOOT_TIMEOUT', 'Raise `--boot-timeout`, or look for what it waits for.'),
      programs: refused('LOCKSTEP_ERR_BOOT_TIMEOUT', 'Raise `--boot-timeout`.'),
    },
  },
} as const satisfies ContractSection
