// A backend in one file, from the example. It serves from the beginning, in one process.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { rootFolder } from '../workspace.mjs'
import { fillIn } from './fill-in.mjs'
import { openSource } from './source-file.mjs'
import { WrongName } from './wrong-name.mjs'

const model = 'examples/custom-backend.js'

export function newBackend(name) {
  if (!/^[a-z]+(?:-[a-z]+)*$/.test(name))
    throw new WrongName(`"${name}" can't be the name of a backend.`, 'Write it in lower case: engine.')
  const path = `examples/${name}-backend.js`
  if (existsSync(join(rootFolder, path)))
    throw new WrongName(`${path} is there already.`, 'Choose another name.')
  const source = openSource(model)
  source.setText('name', 'custom', name)
  source.setComment('A backend in one file', fillIn('how it supervises the processes that serve.'))
  return {
    does: `Added the backend ${name}. It serves in one process, as the example does.`,
    files: [{ path, text: source.text(), what: 'the backend' }],
    left: [
      'Its support: what it honours and refuses. An option without an answer is refused.',
      'start(): docs/writing-a-backend.md describes each part.',
      `Try it: node_modules/node/bin/node packages/cli/bin/lockstep.js run APP --backend ./${path}`,
      `Judge it: node_modules/node/bin/node packages/cli/bin/lockstep.js conformance ./${path}`,
    ],
  }
}
