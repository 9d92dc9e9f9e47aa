import {
  type Completes,
  flagByRule,
  flagTable,
  type LauncherBrand,
  meaningOf,
  type OptionName,
  optionNames,
  optionRow,
} from '@lockstep/core/internal'
import { externalBackends } from '@lockstep/external'
import type { Command, DescribedFlag } from '../command.ts'
import { helpFlags } from '../help.ts'
import { shells } from './shells.ts'

/** What the value of a flag or an argument is completed with. */
export interface Candidates {
  readonly words: readonly string[]
  readonly also: Exclude<Completes, readonly string[]> | null
}

export interface CompletedFlag {
  /** The spellings that are offered. */
  readonly names: readonly string[]
  /** Those of other programs and by the rule. They are not offered, but their values are completed. */
  readonly otherNames: readonly string[]
  readonly summary: string
  readonly isRepeatable: boolean
  /** `null`: it takes no value. */
  readonly value: (Candidates & { readonly title: string }) | null
}

export interface CompletedArgument extends Candidates {
  readonly title: string
  /** It may be given several times. */
  readonly isLast: boolean
}

export interface CompletedCommand {
  readonly name: string
  readonly summary: string
  readonly arguments: readonly CompletedArgument[]
  /** What the words after `--` are. */
  readonly rest: 'program' | 'files'
}

/** Flags that the same commands take. */
export interface FlagGroup {
  readonly commands: readonly string[]
  readonly flags: readonly CompletedFlag[]
}

/** What every shell needs to know of a launcher. */
export interface CompletionModel {
  /** The name of its command. */
  readonly program: string
  /** A first word that is not a command belongs to this one. */
  readonly defaultCommand: string
  readonly commands: readonly CompletedCommand[]
  readonly flagGroups: readonly FlagGroup[]
}

export function completionModel(
  commands: readonly Command[],
  brand: LauncherBrand | undefined,
): CompletionModel {
  const names = commands.map(({ name }) => name)
  const help: CompletedCommand = {
    name: 'help',
    summary: 'Show the help of a command.',
    arguments: [
      {
        title: 'command',
        words: [...new Set(names.flatMap((name) => name.split(' ')))],
        also: null,
        isLast: true,
      },
    ],
    rest: 'files',
  }
  return {
    program: brand?.name ?? 'lockstep',
    defaultCommand: 'run',
    commands: [...commands.map(completedCommand), help],
    flagGroups: grouped(commands, brand),
  }
}

function completedCommand({ name, summary, positionals, rest }: Command): CompletedCommand {
  return {
    name,
    summary,
    arguments: positionals.map((positional) => {
      const title = positional.replaceAll(/[[\]<>…]/g, '')
      return { title, ...candidatesOf(valuesOfArguments[title]), isLast: positional.includes('…') }
    }),
    rest: rest?.includes('PROGRAM') ? 'program' : 'files',
  }
}

const backendNames = (known: readonly string[]): Candidates => ({
  words: [...known, ...Object.keys(externalBackends)],
  also: 'files',
})

/** By the names that the help has for them. A name that is not here is not completed. */
const valuesOfArguments: Readonly<Record<string, Completes | Candidates>> = {
  APP: 'files',
  DIR: 'folders',
  'FILE|HOST:PORT': 'files',
  BACKEND: backendNames(['single', 'cluster']),
  SHELL: shells,
}

function candidatesOf(completes: Completes | Candidates = []): Candidates {
  if (typeof completes === 'string') return { words: [], also: completes }
  return 'also' in completes ? completes : { words: completes, also: null }
}

function grouped(commands: readonly Command[], brand: LauncherBrand | undefined): FlagGroup[] {
  const groups = new Map<string, { commands: string[]; flags: CompletedFlag[] }>()
  const add = (flag: CompletedFlag, takers: readonly Command[]): void => {
    const names = takers.map(({ name }) => name)
    const group = groups.get(names.join()) ?? { commands: names, flags: [] }
    groups.set(names.join(), group)
    group.flags.push(flag)
  }
  for (const name of optionNames) {
    const takers = commands.filter(
      ({ takesOptions, neverHonours = [] }) => takesOptions && !neverHonours.includes(name),
    )
    for (const flag of flagsOfOption(name, brand)) add(flag, takers)
  }
  const own = Object.assign({}, ...commands.map(({ flags }) => flags)) as Record<string, DescribedFlag>
  for (const name of Object.keys(own)) {
    // Two commands may have a flag of the same name with other words for it.
    const meanings = new Map<string, Command[]>()
    for (const command of commands) {
      const flag = command.flags[name]
      if (!flag) continue
      const meaning = JSON.stringify(flag)
      meanings.set(meaning, [...(meanings.get(meaning) ?? []), command])
    }
    for (const takers of meanings.values()) {
      const flag = takers[0]?.flags[name]
      if (flag) add(flagOfCommand(name, flag), takers)
    }
  }
  for (const [name, flag] of Object.entries(helpFlags)) add(flagOfCommand(name, flag), commands)
  return [...groups.values()]
}

/** Those of the table and of the product, without those that it refuses. */
function flagsOfOption(name: OptionName, brand: LauncherBrand | undefined): CompletedFlag[] {
  const { kind, summary, flags, default: usual } = optionRow(name)
  const ofBrand = Object.entries(brand?.aliases ?? {}).filter(([, given]) => meaningOf(given).name === name)
  const isOffered = (flag: string): boolean => brand?.refused?.[flag] === undefined
  const names = [...flags, ...ofBrand.map(([flag]) => flag)].filter(isOffered)
  if (names.length === 0) return []
  const known = [...flagTable].filter(([, meaning]) => meaning.name === name).map(([flag]) => flag)
  const common = { summary, isRepeatable: kind.isList === true }
  if (kind.isSwitch) {
    const off = `--no-${flagByRule(name).slice(2)}`
    return usual === true
      ? [{ ...common, names: [off], otherNames: [], value: null, summary: `Switch off: ${summary}` }]
      : [{ ...common, names, otherNames: [], value: null }]
  }
  const candidates =
    name === 'backend' ? backendNames(['auto', 'single', 'cluster']) : candidatesOf(kind.completes)
  const otherNames = known.filter((flag) => !names.includes(flag) && isOffered(flag))
  return [{ ...common, names, otherNames, value: { ...candidates, title: titleOf(kind.placeholder) } }]
}

function flagOfCommand(
  name: string,
  { short, takesValue, placeholder = '', summary, completes }: DescribedFlag,
): CompletedFlag {
  return {
    names: [...(short ? [`-${short}`] : []), `--${name}`],
    otherNames: [],
    summary,
    isRepeatable: summary.includes('several times'),
    value: takesValue ? { ...candidatesOf(completes), title: titleOf(placeholder) } : null,
  }
}

const titleOf = (placeholder: string): string => placeholder.replaceAll(/[<>]/g, '') || 'value'
