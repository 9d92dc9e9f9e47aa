import type { LauncherBrand } from '@lockstep/core/internal'
import type { Output } from './commands/command.ts'
import { version } from './version.ts'

/** A product's own command, as `--help` and `--version` show it. */
export interface BrandedCommand extends LauncherBrand {
  /** Default: that of Lockstep. */
  readonly version?: string
  /** One sentence for the help. */
  readonly summary?: string
}

/** The word alone, also behind the code of a colour: not a file (`lockstep.config.ts`), a package (`'lockstep'`) or a path. */
const command = /(?<=\[\d[\d;]*m|(?<![\w@/'".-]))lockstep(?![\w/'".-])/g
const variable = /(?<!\w)LOCKSTEP_(?!ERR_)(?=[A-Z])/g
const ownVersion = new RegExp(`(?<=lockstep\\S* )${version.replaceAll('.', '\\.')}`, 'g')

/**
 * Names the product where a text names Lockstep's command or its variables: `lockstep status` is a command that a user of the product does not
 * have. Error codes stay as they are, since docs/errors.md explains them. All text for people passes here on its way out.
 */
export function inBrand(output: Output, brand: BrandedCommand): Output {
  const named = (text: string): string =>
    text
      .replaceAll(ownVersion, brand.version ?? version)
      .replaceAll(command, brand.name)
      .replaceAll(variable, `${brand.envPrefix}_`)
  return { ...output, out: (text) => output.out(named(text)), err: (text) => output.err(named(text)) }
}
