import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const command = fileURLToPath(new URL('../../packages/cli/bin/lockstep.js', import.meta.url))

/** Serves an app over TLS with the command, and collects what goes wrong in its processes. */
export async function serveFuzzedApp({ app, backend }) {
  const home = mkdtempSync(join(tmpdir(), 'lockstep-fuzz-'))
  const child = spawn(
    process.execPath,
    [
      ...[command, 'run', app, '--backend', backend, '--port', '0', '--tls-self-signed'],
      ...(backend === 'cluster' ? ['--workers', '2'] : []),
      ...['--tls-protocols', 'h2,http/1.1', '--log-format', 'json', '--graceful-timeout', '2s'],
      ...['--access-log', join(home, 'access.log')],
    ],
    {
      env: { ...process.env, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: home },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const faults = []
  let appFailures = 0
  const ready = Promise.withResolvers()
  let isStopping = false
  const ended = new Promise((resolve) => {
    child.on('close', (code, signal) => {
      ready.reject(new Error(`it ended with ${code ?? signal}: ${faults.join('\n')}`))
      if (!isStopping) faults.push(`the launcher ended with ${code ?? signal}`)
      resolve()
    })
  })
  eachLine(child.stdout, (line) => {
    const url = /https:\/\/[^\s"]+:(\d+)/.exec(line)
    if (url) ready.resolve(Number(url[1]))
  })
  eachLine(child.stderr, (line) => {
    if (line.startsWith('FUZZ ')) {
      const { stack, current, ofApp } = JSON.parse(line.slice('FUZZ '.length))
      if (ofApp || isOfNode(stack)) appFailures += 1
      else faults.push(`an exception that is not the app's, near /${current}: ${stack}`)
    } else if (!line.startsWith('{')) {
      // Warnings of Node are not faults of Lockstep. A stack trace that ends a process is.
      if (/^\s+at /.test(line)) faults.push(line)
    } else if (/worker (?:\d+ )?(?:ended|died|was killed)|is not ready|hang|blocks/i.test(messageOf(line)))
      faults.push(line)
  })
  const port = await ready.promise
  return {
    port,
    faults: () => [...faults],
    appFailures: () => appFailures,
    async [Symbol.asyncDispose]() {
      isStopping = true
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(late)
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/**
 * Whether Node fell over what the app has broken or given it, as it does without Lockstep: either Lockstep is not in the stack, or
 * Node came to it by a method of the response, such as from a `pipe()` of the app's. Listeners of `once()` may be Lockstep's.
 */
function isOfNode(stack) {
  const entry = stack.split('\n').findLast((line) => line.includes('/packages/'))
  if (entry !== undefined) return /at (?:\w+\.(?:write|end|writeHead|emit)|emitWriteAfterEnd) /.test(entry)
  return (
    brokenObjects.some((broken) => broken.test(stack)) &&
    !stack.startsWith('TypeError: target.removeListener')
  )
}

const brokenObjects = [
  /^TypeError: .*(?:is not a function|Cannot (?:read|set|assign|define|add)|not extensible|only a getter)/,
  // The app has set a status message that can't be sent, and pipes something into the response.
  /^TypeError \[ERR_INVALID_CHAR\]/,
  // Its socket was removed, or the app used an unknown encoding.
  /^Error \[ERR_INTERNAL_ASSERTION\]/,
  /^TypeError \[ERR_UNKNOWN_ENCODING\]/,
  // The app has ended a request by emitting it.
  /^Error \[ERR_STREAM_PUSH_AFTER_EOF\]/,
  // Node takes the code with which a stream of HTTP/2 was reset for one of the system.
  /^RangeError \[ERR_OUT_OF_RANGE\][\s\S]*onStreamRead/,
]

function messageOf(line) {
  try {
    return String(JSON.parse(line).message)
  } catch {
    return ''
  }
}

function eachLine(stream, call) {
  let rest = ''
  stream.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()
    for (const line of lines) call(line)
  })
}
