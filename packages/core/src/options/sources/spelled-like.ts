import { flagsOf } from '../flag-table.ts'
import type { LauncherBrand } from '../launcher-brand.ts'
import type { OptionName } from '../option-table.ts'
import { ownVariables, variablesOf } from './environment/variable-name.ts'
import type { ValueSource } from './raw-options.ts'

/**
 * How a user who set one option there would write another one: beside `--certfile`, `tls.key` is `--keyfile`; beside `SHOP_CERT_FILE` it is
 * `SHOP_KEY_FILE`; in a file it is `tls.key`. So a hint uses the words that the user knows.
 */
export function spelledLike(
  { kind, label }: Pick<ValueSource, 'kind' | 'label'>,
  name: OptionName,
  brand: LauncherBrand | undefined,
): string {
  // The label of a variable in `.env` goes on with the file.
  const typed = label.split(' ', 1)[0] ?? label
  return nearest(typed, spellings(kind, { name, brand })) ?? name
}

function spellings(
  kind: ValueSource['kind'],
  { name, brand }: { name: OptionName; brand: LauncherBrand | undefined },
): readonly string[] {
  switch (kind) {
    case 'argv':
      return flagsOf(name, brand)
    case 'environment':
    case 'dotenv':
      return ownVariables(name, variablesOf(brand))
    case 'default':
    case 'launcher':
    case 'config':
    case 'api':
      return []
  }
}

/** The word that begins most like the typed one; of several, the one that ends most like it, and then that of the nearest length. */
function nearest(typed: string, known: readonly string[]): string | undefined {
  const rank = (word: string): number => {
    const begin = alike(typed, word)
    const end = alike(reversed(typed.slice(begin)), reversed(word.slice(begin)))
    return 10_000 * begin + 100 * end - Math.abs(typed.length - word.length)
  }
  // `PORT` is like no variable with our prefix: the one of the option's name comes first.
  if (known.every((word) => alike(typed, word) === 0)) return known[0]
  return known.toSorted((one, other) => rank(other) - rank(one))[0]
}

/** With how many letters both begin. */
function alike(one: string, other: string): number {
  const different = [...one].findIndex((letter, at) => letter !== other[at])
  return different < 0 ? one.length : different
}

const reversed = (text: string): string => [...text].reverse().join('')
