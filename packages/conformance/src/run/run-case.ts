import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type OptionName, prepareLaunch, type RawOptions, type ServerBackend } from '@lockstep/core'
import type { CaseContext, SuiteApps } from '../case-context.ts'
import type { Certificates } from '../certificates.ts'
import type { ConformanceCase } from '../conformance-case.ts'
import { isFailure, startSubject } from '../subject/start-subject.ts'
import type { Failure, Subject } from '../subject/subject.ts'
import type { CaseResult, CaseStatus } from './case-result.ts'
import { subjectEnvironment } from './environment.ts'
import { whatIsMissing } from './requirements.ts'

export interface SuiteSubject {
  readonly backend: ServerBackend
  /** What `launch()` is given as `backend` in the subject's process: a built-in name or the path of a module. */
  readonly backendName: string
  /** URL of the module whose `launch()` is called in the subject's process; unset, that of `@lockstep/core`. */
  readonly launcher?: string
}

const apps: SuiteApps = {
  observable: fileURLToPath(new URL('../apps/observable-app.js', import.meta.url)),
  fetchFunction: fileURLToPath(new URL('../apps/fetch-function-app.js', import.meta.url)),
  neverReady: fileURLToPath(new URL('../apps/never-ready-app.js', import.meta.url)),
}

/** Runs one case against a backend. Never throws: what goes wrong is in the result. */
export async function runCase(
  one: ConformanceCase,
  { subject, certificates }: { subject: SuiteSubject; certificates: Certificates },
): Promise<CaseResult> {
  const started = performance.now()
  const result = (status: CaseStatus, detail = ''): CaseResult => ({
    id: one.id,
    level: one.level,
    status,
    detail,
    durationMs: Math.round(performance.now() - started),
  })
  const missing = whatIsMissing(one.needs)
  if (missing !== null) return result('not observed', missing)

  const folder = mkdtempSync(join(tmpdir(), 'lockstep-case-'))
  const running: Subject[] = []
  try {
    await one.run(caseContext({ subject, certificates, folder, running }))
    return result('pass')
  } catch (error) {
    if (error instanceof RefusedAsDeclared) return result('refused as declared', error.message)
    if (error instanceof assert.AssertionError) return result('fail', error.message)
    return result('harness error', error instanceof Error ? (error.stack ?? error.message) : String(error))
  } finally {
    await Promise.all(running.map((each) => each.kill()))
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Ends a case that asks for what the backend declares that it can't do, once the refusal has been seen. */
class RefusedAsDeclared extends Error {}

function caseContext({
  subject,
  certificates,
  folder,
  running,
}: {
  subject: SuiteSubject
  certificates: Certificates
  folder: string
  running: Subject[]
}): CaseContext {
  const env = subjectEnvironment(folder)
  const complete = (options: RawOptions): RawOptions => ({
    app: apps.observable,
    backend: subject.backendName,
    host: '127.0.0.1',
    port: 0,
    ...options,
  })
  const attempt = async (options: RawOptions): Promise<Subject | Failure> => {
    const all = complete(options)
    const result = await startSubject(all, {
      env,
      launcher: subject.launcher ?? import.meta.resolve('@lockstep/core'),
    })
    const refused = await declaredRefusals(all, subject.backend)
    if (refused.length === 0) return result
    assert.ok(isFailure(result), `it started with ${refused.join(', ')}, which it declares that it refuses`)
    for (const name of refused) {
      assert.ok(
        result.faults.some(({ code, message }) => code === 'ERR_OPTION_REFUSED' && message.includes(name)),
        `${name} was not refused: ${result.message}`,
      )
    }
    throw new RefusedAsDeclared(result.faults.map(({ message }) => message).join(' '))
  }
  return {
    backend: subject.backend,
    certificates,
    folder,
    apps,
    async start(options = {}) {
      const result = await attempt(options)
      assert.ok(
        !isFailure(result),
        isFailure(result) ? `it did not start: ${result.code} ${result.message}` : '',
      )
      running.push(result)
      return result
    },
    async startRefused(options) {
      const result = await attempt(options)
      if (!isFailure(result)) running.push(result)
      assert.ok(isFailure(result), 'it started, and should have refused')
      return result
    },
  }
}

/** Which of the options the backend's own support table refuses: then the opposite case runs. */
async function declaredRefusals(options: RawOptions, backend: ServerBackend): Promise<OptionName[]> {
  const { options: resolved, answers } = await prepareLaunch(
    { api: { ...options, backend } },
    { config: false, envFile: false, environment: false, tryToBind: false },
  )
  if (!answers) return []
  return (Object.keys(answers) as OptionName[]).filter(
    (name) => !answers[name].honoured && resolved[name].source.kind !== 'default',
  )
}
