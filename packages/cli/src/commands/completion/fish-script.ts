import type { Candidates, CompletedFlag, CompletionModel } from './completion-model.ts'

const actions = {
  folders: '(__fish_complete_directories)',
  users: '(__fish_complete_users)',
  groups: '(__fish_complete_groups)',
} as const

export function fishScript({ program, defaultCommand, commands, flagGroups }: CompletionModel): string {
  const name = `__${program.replaceAll(/\W/g, '_')}`
  const complete = `complete -c ${quoted(program)}`
  const oneWord = commands.filter((command) => !command.name.includes(' '))
  const twoWords = commands.filter((command) => command.name.includes(' '))
  const firstWords = [...new Set(twoWords.map((command) => command.name.split(' ')[0] ?? ''))]
  const is = (names: readonly string[]): string =>
    `-n ${quoted(`${name}_is ${names.map((each) => `"${each}"`).join(' ')}`)}`
  const lines = [
    ...oneWord.map(
      (command) => `${complete} -n ${name}_at_first -a ${quoted(command.name)} -d ${quoted(command.summary)}`,
    ),
    ...firstWords.map(
      (word) =>
        `${complete} -n ${name}_at_first -a ${quoted(word)} -d ${quoted(
          twoWords
            .filter((command) => command.name.startsWith(`${word} `))
            .map((command) => command.name.split(' ')[1])
            .join(', '),
        )}`,
    ),
    ...twoWords.map((command) => {
      const [first = '', second = ''] = command.name.split(' ')
      return `${complete} -n '${name}_at_second ${first}' -a ${quoted(second)} -d ${quoted(command.summary)}`
    }),
    ...commands.flatMap((command) =>
      command.arguments
        .map((argument) => offer(argument))
        .filter((text) => text !== '')
        .map((text) => `${complete} ${is([command.name])} ${text}`),
    ),
    ...commands
      .filter(({ rest }) => rest === 'program')
      .map(
        (command) => `${complete} ${is([command.name])} -F -a '(__fish_complete_subcommand --commandline)'`,
      ),
    ...flagGroups.flatMap((group) =>
      group.flags.map((flag) => `${complete} ${is(group.commands)} ${flagOf(flag)}`),
    ),
  ]
  return `# Completion for ${program} in fish. Written by \`${program} completion fish\`.

# Prints the command on the line before the cursor.
function ${name}_command
  set -l words (commandline -opc)
  if contains -- "$words[2..3]" ${twoWords.map((command) => quoted(command.name)).join(' ')}
    echo "$words[2..3]"
  else if contains -- "$words[2]" ${oneWord.map((command) => quoted(command.name)).join(' ')}
    echo "$words[2]"
  else if not contains -- "$words[2]" ${firstWords.map(quoted).join(' ')}
    echo ${quoted(defaultCommand)}
  end
end

function ${name}_is
  contains -- (${name}_command) $argv
end

function ${name}_at_first
  test (count (commandline -opc)) -eq 1
end

function ${name}_at_second
  set -l words (commandline -opc)
  test (count $words) -eq 2 -a "$words[2]" = "$argv[1]"
end

${complete} -f
${lines.join('\n')}
`
}

const quoted = (word: string): string => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

function offer({ words, also }: Candidates): string {
  const all = [...words, ...(also && also !== 'files' ? [actions[also]] : [])]
  const list = all.length > 0 ? `-a ${quoted(all.join(' '))}` : ''
  return also === 'files' ? `-F ${list}`.trim() : list
}

function flagOf({ names, summary, value }: CompletedFlag): string {
  const spellings = names.map((flag) =>
    flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
  )
  const takes = value ? (value.also === 'files' ? ['-r', offer(value)] : ['-x', offer(value)]) : []
  return [...spellings, ...takes, `-d ${quoted(summary)}`].filter((text) => text !== '').join(' ')
}
