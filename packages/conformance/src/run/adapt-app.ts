import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LockstepConfig, ServerBackend } from '@lockstep/core'
import { commandFor, type SubjectProgram, subjectPrograms } from '../programs/subject-program.ts'
import type { SubjectRuntime } from '../subject/subject-runtime.ts'
import type { SuiteSubject } from './suite-subject.ts'

/** Apps of the suite that are about how Node loads and calls them: no other program can stand for them. */
const onlyInNode =
  /[\\/](brought-server|lifespan|fails-to-start|messaging|own-tls|peer-fetch|peer-node)-app\.js$|[\\/]apps[\\/]contract[\\/]/

/** Those that the Python module of the suite has too, by the name of the app in it. */
const inPython: Readonly<Record<string, string>> = {
  'observable-app': 'observable',
  'never-ready-app': 'never_ready',
  'throws-on-load-app': 'throws_on_load',
  'gated-app': 'gated',
  'recording-app': 'recording',
}

const pythonModule = fileURLToPath(new URL('../../python/suite_apps.py', import.meta.url))

/**
 * Names an app of the suite as the backend takes it. A backend that runs programs gets one that serves the app over plain HTTP, and a
 * backend of Python the same app in Python. An app that can't be had there stays as it is, and is to be refused.
 */
export function adaptApp(
  options: LockstepConfig,
  {
    subject: { backend, program },
    runtime,
    folder,
  }: { subject: SuiteSubject; runtime: SubjectRuntime; folder: string },
): LockstepConfig {
  const { app, ...rest } = options
  const { runs = ['module'] } = backend
  if (typeof app !== 'string' || (runs.includes('module') && program === undefined)) return options
  // A missing app has to be refused by the launch, and not by a program that cannot load it.
  if (!existsSync(resolve(folder, app.replace(/:\w+$/, '')))) return options
  if (runs.includes('command')) {
    if (onlyInNode.test(app)) return options
    const command = commandFor(app, { program: programNamed(program), nodePath: runtime.nodePath })
    return command === null ? options : { ...rest, command }
  }
  const [, name = ''] = /[\\/]([\w-]+)\.js$/.exec(app) ?? []
  const target = inPython[name]
  return target === undefined ? options : { ...rest, app: `${pythonModule}:${target}` }
}

function programNamed(program: SuiteSubject['program'] = 'node'): SubjectProgram {
  return typeof program === 'string' ? subjectPrograms[program] : program
}

/** What the backend runs are programs, which know nothing of Lockstep. */
export function isFront({ backend: { runs = ['module'] }, program }: SuiteSubject): boolean {
  return program !== undefined || !runs.includes('module')
}

/** The app can't be run by the backend, which has to say so. */
export function isUnfit({ app }: LockstepConfig, { runs = ['module'] }: ServerBackend): boolean {
  return typeof app === 'string' && /\.[cm]?js(?::\w+)?$/.test(app) && !runs.includes('module')
}
