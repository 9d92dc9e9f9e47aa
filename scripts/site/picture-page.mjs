// Pictures of what the command prints, each from a run in an empty folder.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writePage } from './collect-pages.mjs'
import { runForPicture } from './run-for-picture.mjs'
import { terminalSvg } from './terminal-svg.mjs'

const app = `export default function app(request, response) {
  response.end('Hello from process ' + process.pid)
}
`

/** `until`: the command serves until it is stopped, which is when its output has this text. */
const pictures = [
  {
    name: 'banner',
    title: 'A server that is ready',
    alt: 'The banner of a server: its address, TLS version, certificate and the number of checks on the wire',
    text: 'The banner says what Lockstep has measured at its own port, as a client.',
    args: ['run', 'app.js', '--workers', '2', '--tls-self-signed'],
    hidden: ['--port', '0'],
    until: /Verified: .*\n/,
    exitCode: 0,
  },
  {
    name: 'plan',
    title: 'A plan',
    alt: 'The plan of a launch: each option with its value, where it was set, and how it is honoured',
    text: '`lockstep plan` says what a launch would do, option by option, and binds nothing.',
    args: ['plan', 'app.js', '--workers', '2', '--tls-self-signed'],
    exitCode: 0,
  },
  {
    name: 'error',
    title: 'An error',
    alt: 'Three faults of one launch, each with what was found, where it was set, what to do, and its code',
    text: 'All faults are reported at once. Each has what was found, where it was set, what to do, and [its code](./errors.md).',
    args: ['run', 'app.js', '--backend', 'single', '--workers', '2', '--tls-cert', 'cert.pem'],
    exitCode: 4,
  },
  {
    name: 'report',
    title: 'A report of the conformance suite',
    alt: 'Cases of the conformance suite, each with a tick, its door and its time, and the verdict',
    text: '[The suite](./writing-a-backend.md) starts a backend and observes it from outside.',
    args: ['conformance', 'single', '--door', 'command', '--case', 'binding/port/*'],
    exitCode: 0,
  },
]

/** Writes the page and its pictures below a folder. Returns its item of the sidebar. Rejects when a command ends in another way than expected. */
export async function writePicturePage(folder) {
  const target = join(folder, 'public/pictures')
  mkdirSync(target, { recursive: true })
  for (const picture of pictures) {
    const lines = await inEmptyFolder((cwd) => runForPicture(picture, cwd))
    const command = ['lockstep', ...picture.args].map(quoted).join(' ')
    const svg = await terminalSvg({ title: picture.alt, command, lines })
    writeFileSync(join(target, `${picture.name}.svg`), svg)
  }
  const sections = pictures.map(
    ({ name, title, alt, text }) =>
      `## ${title}\n\n${text}\n\n<img class="terminal" src="/pictures/${name}.svg" alt="${alt}">`,
  )
  writePage(folder, 'pictures', {
    text: [
      '# What it looks like',
      'Each picture is the output of a run, made when this site was built.',
      ...sections,
    ].join('\n\n'),
  })
  return { text: 'What it looks like', link: '/pictures' }
}

async function inEmptyFolder(use) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-picture-')))
  try {
    writeFileSync(join(folder, 'app.js'), app)
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function quoted(word) {
  return word.includes('*') ? `'${word}'` : word
}
