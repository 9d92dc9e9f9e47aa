import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { exitCodes, type LockstepConfig, type ServerBackend } from '@lockstep/core'
import { declaredRefusals, exitOf, isCatalogCode, isErrorCode } from '@lockstep/core/internal'
import { appFile } from '../app-file.ts'
import type { CaseContext, SuiteApps } from '../case-context.ts'
import { freePort } from '../clients/free-port.ts'
import type { Door, Entry } from '../subject/door.ts'
import { type Failure, isFailure, type Subject } from '../subject/subject.ts'
import type { SubjectRuntime } from '../subject/subject-runtime.ts'
import { adaptApp, isFront, isUnfit } from './adapt-app.ts'
import { subjectEnvironment } from './environment.ts'
import { onRuntime } from './subject-options.ts'
import type { SuiteMaterials } from './suite-materials.ts'
import type { SuiteSubject } from './suite-subject.ts'

/** Ends a case that asks for what the backend declares that it can't do, once the refusal has been seen. */
export class RefusedAsDeclared extends Error {
  /** The options, or members of the backend. */
  readonly refused: readonly string[]

  constructor(message: string, refused: readonly string[]) {
    super(message)
    this.refused = refused
  }
}

const apps: SuiteApps = {
  observable: appFile('observable-app'),
  fetchFunction: appFile('fetch-function-app'),
  neverReady: appFile('never-ready-app'),
  throwsOnLoad: appFile('throws-on-load-app'),
  gated: appFile('gated-app'),
  recording: appFile('recording-app'),
}

type Attempt = Pick<Entry, 'givenUp' | 'isUnannounced' | 'appInMemory'> & {
  readonly variables?: Readonly<Record<string, string>>
}

/** What a case works with, and the end of all that it has started. */
export function caseSession({
  subject,
  door,
  runtime,
  materials: { certificates, cacheFolder },
  folder,
}: {
  subject: SuiteSubject
  door: Door
  runtime: SubjectRuntime
  materials: SuiteMaterials
  folder: string
}): {
  context: CaseContext
  /** Whether a subject has started, or has refused to. */
  hasAnswered(): boolean
  end(): Promise<void>
} {
  let hasAnswered = false
  let hasEnded = false
  const running: Pick<Subject, 'kill'>[] = []
  const tracked: SubjectRuntime = {
    ...runtime,
    start(options) {
      const process = runtime.start(options)
      running.push(process)
      return process
    },
  }
  const attempt = async (
    options: LockstepConfig,
    { variables = {}, appInMemory, ...ways }: Attempt = {},
  ): Promise<Subject | Failure> => {
    const named = {
      ...(options.command === undefined && { app: apps.observable }),
      backend: subject.backendName,
      host: '127.0.0.1',
      port: 0,
      ...options,
    }
    const given = appInMemory === undefined ? adaptApp(named, { subject, runtime, folder }) : named
    const all = onRuntime(given, runtime)
    const env = { ...subjectEnvironment(runtime, { home: folder, cacheFolder }), ...variables }
    if (hasEnded)
      throw new assert.AssertionError({ message: 'the case has taken too long to start a subject' })
    // What is refused at once is not there to be given up.
    const waits = isUnfit(all, subject.backend) ? { ...ways, givenUp: undefined } : ways
    const result = await door.open({
      options: all,
      runtime: tracked,
      env,
      folder,
      cacheFolder,
      appInMemory,
      ...waits,
    })
    hasAnswered = true
    running.push(result)
    if (isFailure(result)) checkSilence(result)
    if (hasEnded) await result.kill()
    const isOtherApp = appInMemory !== undefined && isFront(subject)
    if (isOtherApp || isUnfit(all, subject.backend)) throw unfit(result, subject.backend)
    const asked = appInMemory === undefined ? all : { ...all, app: () => undefined }
    const refused = await declaredRefusals(asked, { backend: subject.backend, platform: runtime.platform })
    if (refused.length === 0) return result
    assert.ok(isFailure(result), `it started with ${refused.join(', ')}, which it declares that it refuses`)
    for (const name of refused) {
      assert.ok(
        result.faults.some(
          ({ code, message }) => code === 'LOCKSTEP_ERR_OPTION_REFUSED' && message.includes(name),
        ),
        `${name} was not refused: ${result.message}`,
      )
    }
    throw new RefusedAsDeclared(result.faults.map(({ message }) => message).join(' '), refused)
  }
  const startRefused: CaseContext['startRefused'] = async (options, more) => {
    const result = await attempt(options, more)
    assert.ok(isFailure(result), 'it started, and should have refused')
    return result
  }
  return {
    context: {
      backend: subject.backend,
      isFront: isFront(subject),
      door: door.name,
      runtime,
      certificates,
      folder,
      apps,
      async start(options = {}, more = {}) {
        const result = await attempt(options, more)
        assert.ok(
          !isFailure(result),
          isFailure(result) ? `it did not start: ${result.code} ${result.message}` : '',
        )
        return result
      },
      startRefused,
      async startGivenUp(options, when) {
        const result = await attempt(options, { givenUp: when() })
        assert.ok(isFailure(result), 'it started, though the launch was given up')
        return result
      },
      declines(member) {
        throw new RefusedAsDeclared(`The backend ${subject.backend.name} has no ${member}.`, [member])
      },
      mustBeFree: checkFree,
      async mustRefuse(options, code) {
        const port = await freePort()
        const { faults } = await startRefused({ port, ...options })
        assert.deepEqual([...new Set(faults.map((fault) => fault.code))], [code])
        await checkFree(port)
      },
    },
    hasAnswered: () => hasAnswered,
    async end() {
      hasEnded = true
      await Promise.all(running.map((each) => each.kill()))
    },
  }
}

/** The second one: what is not there can't be known to be of Node. */
const unfitCodes = ['LOCKSTEP_ERR_APP_UNFIT', 'LOCKSTEP_ERR_APP_NOT_FOUND']

/** A backend that runs other apps than those of Node says so, and starts nothing. */
function unfit(result: Subject | Failure, { name }: ServerBackend): RefusedAsDeclared {
  assert.ok(isFailure(result), `${name} started an app that it declares that it can't run`)
  const told = result.faults.find(({ code }) => unfitCodes.includes(code))
  assert.ok(told, `the app was not refused as one that ${name} can't run: ${result.message}`)
  return new RefusedAsDeclared(told.message, ['app'])
}

/** A refusal announces no server, and a command's exit code is that of its first fault. */
function checkSilence({ stdout, exitCode, faults }: Failure): void {
  assert.doesNotMatch(stdout, /https?:\/\/|"type":"ready"/, 'a refused launch was announced')
  const [first] = faults
  if (exitCode === null || !first) return
  assert.ok(
    isErrorCode(first.code),
    `${first.code} is neither a code of Lockstep nor one that begins with X_`,
  )
  // The exit code of a code of another author depends on its kind, which the command does not show.
  if (isCatalogCode(first.code))
    assert.equal(exitCode, exitCodes[exitOf({ code: first.code })].number, `the exit code for ${first.code}`)
}

/** No process listens there: it can be bound. */
async function checkFree(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening').catch((error: Error) => {
    throw new assert.AssertionError({ message: `port ${port} is still bound: ${error.message}` })
  })
  server.close()
}
