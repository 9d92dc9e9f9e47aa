import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { rootFolder } from '../workspace.mjs'

const command = join(rootFolder, 'packages/cli/bin/lockstep.js')
const longestMs = 60_000
export const columns = 88

/** Runs the command as on a terminal of 88 columns. Returns its lines with colours, and without what names this machine. */
export async function runForPicture({ args, hidden = [], until, exitCode }, cwd) {
  const child = spawn(process.execPath, [command, ...args, ...hidden], {
    cwd,
    env: environment(cwd),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestMs,
  })
  let output = ''
  let shown
  const take = (chunk) => {
    output += chunk
    if (shown !== undefined || !until?.test(output)) return
    // What follows is about the stop.
    shown = output
    child.kill()
  }
  child.stdout.setEncoding('utf8').on('data', take)
  child.stderr.setEncoding('utf8').on('data', take)
  const [code] = await once(child, 'close')
  if (code !== exitCode || (until && shown === undefined))
    throw new Error(`lockstep ${args.join(' ')} ended with ${code}:\n${output}`)
  return masked(shown ?? output, cwd)
    .trimEnd()
    .split('\n')
}

/** Nothing that Lockstep reads comes from here, and what it writes goes into the folder. */
function environment(folder) {
  return {
    PATH: process.env.PATH,
    // Windows needs it to open sockets.
    ...(process.env.SystemRoot && { SystemRoot: process.env.SystemRoot }),
    ...{ HOME: folder, USERPROFILE: folder },
    ...{ XDG_DATA_HOME: folder, XDG_RUNTIME_DIR: folder, XDG_CACHE_HOME: folder },
    ...{ COLUMNS: String(columns), FORCE_COLOR: '1' },
  }
}

function masked(text, folder) {
  return (
    text
      .replaceAll('\r\n', '\n')
      .replaceAll(/(127\.0\.0\.1|localhost):\d{4,5}\b/g, '$1:3000')
      .replaceAll(folder, '/srv/app')
      // As in the folder of a user who has installed it.
      .replaceAll(join(rootFolder, 'packages/cli/docs'), 'node_modules/lockstep/docs')
  )
}
