// Runs the command of an installed development dependency under the pinned Node. Its script is started
// directly, because the links in node_modules/.bin are different things on different platforms.
import { join } from 'node:path'
import { pinnedNode } from './pinned-node.mjs'
import { runCommand } from './run-command.mjs'
import { readJson, rootFolder } from './workspace.mjs'

export function runTool(packageName, command, args, options) {
  return runCommand(pinnedNode(), [scriptOf(packageName, command), ...args], options)
}

function scriptOf(packageName, command) {
  const folder = join(rootFolder, 'node_modules', packageName)
  const { bin } = readJson(join(folder, 'package.json'))
  return join(folder, typeof bin === 'string' ? bin : bin[command])
}
