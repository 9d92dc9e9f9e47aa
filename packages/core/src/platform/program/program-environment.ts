import { serviceVariableNames } from '../system/service-variable-names.ts'
import { deleteVariables, platformVariableName } from '../system/variable-names.ts'
import { markedEnvironment } from './launcher-mark.ts'

/**
 * What programs in Python need so that their output comes at once and in UTF-8
 * (https://docs.python.org/3/using/cmdline.html#envvar-PYTHONUNBUFFERED). Others don't read these.
 */
const usual = { PYTHONUNBUFFERED: '1', PYTHONUTF8: '1' } as const

/**
 * The environment of a program: that of this process, without secrets of the launch and what a service manager says to the launcher alone,
 * then `own`, then the mark.
 */
export function programEnvironment({
  own,
  withheld,
  mark,
}: {
  own: Readonly<Record<string, string>>
  withheld: readonly string[]
  mark: string
}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env }
  deleteVariables(env, [...withheld, ...serviceVariableNames, 'LOCKSTEP_WORKER'])
  const set = { ...own, ...markedEnvironment(mark) }
  // Windows would keep one of two names that differ in case alone.
  deleteVariables(
    env,
    Object.keys(set).map((name) => platformVariableName(name)),
  )
  const has = new Set(Object.keys(env).map((name) => platformVariableName(name)))
  const unset = Object.entries(usual).filter(([name]) => !has.has(name) && !(name in own))
  return { ...env, ...Object.fromEntries(unset), ...set }
}
