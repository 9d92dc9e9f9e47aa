// Runs the pinned pnpm. npm fetches it on first use and keeps it in its cache, so that a fresh machine
// needs no global installation. (Corepack would be the other way, but newer Nodes come without it.)
import { basename } from 'node:path'
import { runCommand } from './run-command.mjs'
import { pinnedPnpm } from './workspace.mjs'

export function runPnpm(args, options) {
  return runNpm(['exec', '--yes', `--package=${pinnedPnpm()}`, '--', 'pnpm', ...args], options)
}

export function runNpm(args, options) {
  const npmScript = process.env.npm_execpath
  // Started through npm: reuse that very npm. It is a script, so no shell is involved, also on Windows.
  if (npmScript && basename(npmScript) === 'npm-cli.js') {
    return runCommand(process.execPath, [npmScript, ...args], options)
  }
  // On Windows npm is a batch file, which only a shell can start; a shell needs quoted arguments.
  if (process.platform === 'win32') {
    const quoted = args.map((arg) => `"${arg}"`)
    return runCommand('npm.cmd', quoted, { ...options, shell: true })
  }
  return runCommand('npm', args, options)
}
