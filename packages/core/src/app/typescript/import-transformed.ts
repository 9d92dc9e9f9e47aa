import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { getTsconfig, type TsConfigJson } from 'get-tsconfig'
import { LaunchError } from '../../errors/launch-error.ts'
import { walkImports } from './walk-imports.ts'

type Module = Record<string, unknown>
type CompilerOptions = NonNullable<TsConfigJson['compilerOptions']>

/**
 * Imports a TypeScript or JSX module through a loader, by the tsconfig.json beside it or above. tsx, where the app has it installed, else jiti.
 * Each has a limit: tsx writes no metadata of decorators, and jiti knows only the decorators of `experimentalDecorators`. Throws
 * `LOCKSTEP_ERR_APP_LOAD` with the place when neither will do.
 */
export async function importTransformed(file: string): Promise<Module> {
  const options = getTsconfig(file)?.config.compilerOptions ?? {}
  const tsx = options.emitDecoratorMetadata === true ? null : tsxOf(file)
  if (tsx !== null) {
    const { tsImport } = (await import(pathToFileURL(tsx).href)) as {
      tsImport: (specifier: string, parent: string) => Promise<Module>
    }
    const url = pathToFileURL(file).href
    return tsImport(url, url)
  }
  if (options.experimentalDecorators !== true) refuseDecorators(file)
  const { createJiti } = await import('jiti')
  const jiti = createJiti(pathToFileURL(file).href, {
    interopDefault: false,
    tsconfigPaths: true,
    jsx: jsxOptions(options),
  })
  return jiti.import<Module>(file)
}

/** The API of tsx, as the app would find it; `null`: the app does not have it. */
function tsxOf(file: string): string | null {
  try {
    return createRequire(file).resolve('tsx/esm/api')
  } catch {
    return null
  }
}

function jsxOptions({ jsx, jsxImportSource, jsxFactory, jsxFragmentFactory }: CompilerOptions) {
  return jsx === 'react'
    ? {
        runtime: 'classic' as const,
        ...(jsxFactory && { pragma: jsxFactory }),
        ...(jsxFragmentFactory && { pragmaFrag: jsxFragmentFactory }),
      }
    : { runtime: 'automatic' as const, importSource: jsxImportSource ?? 'react' }
}

/** At the start of a line, before its parentheses, its end, or what it decorates. */
const decorator =
  /^\s*(?:export\s+(?:default\s+)?)?@[A-Za-z_$][\w$.]*\s*(?:\(|$|(?:export|abstract|class|static)\b)/

function refuseDecorators(file: string): void {
  for (const { file: current, source } of walkImports(file)) {
    const lines = source
      .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ''))
      .split('\n')
    const index = lines.findIndex((line) => decorator.test(line))
    if (index < 0) continue
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_APP_LOAD',
      message: `${current}:${index + 1} has a decorator, which Node does not load.`,
      hint: 'Install tsx where the app is (`npm install -D tsx`), and start again: Lockstep then loads the app with it. If the decorators are of the older kind, set experimentalDecorators in tsconfig.json instead.',
    })
  }
}
