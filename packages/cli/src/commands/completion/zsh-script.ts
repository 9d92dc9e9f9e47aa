import type { Candidates, CompletedFlag, CompletionModel } from './completion-model.ts'

const actions = { files: '_files', folders: '_files -/', users: '_users', groups: '_groups' } as const

/** For the completion system of zsh, \`compinit\`. */
export function zshScript({ program, defaultCommand, commands, flagGroups }: CompletionModel): string {
  const name = `_${program.replaceAll(/\W/g, '_')}`
  const oneWord = commands.filter((command) => !command.name.includes(' '))
  const twoWords = commands.filter((command) => command.name.includes(' '))
  const firstWords = [...new Set(twoWords.map((command) => command.name.split(' ')[0] ?? ''))]
  const described = (word: string, summary: string): string =>
    quoted(`${word.replaceAll(':', '\\:')}:${summary}`)
  return `#compdef ${program}
# Completion for ${program} in zsh. Written by \`${program} completion zsh\`.

${name}_commands() {
  local -a commands=(
${oneWord.map((command) => `    ${described(command.name, command.summary)}`).join('\n')}
${firstWords
  .map(
    (word) =>
      `    ${described(
        word,
        `${twoWords
          .filter((command) => command.name.startsWith(`${word} `))
          .map((command) => command.name.split(' ')[1])
          .join(', ')}`,
      )}`,
  )
  .join('\n')}
  )
  _describe -t commands command commands
}

${name}() {
  local command=${quoted(defaultCommand)} first=1
  local -a specs
  if ((CURRENT > 2)); then
    case "$words[2]" in
      ${oneWord.map((command) => command.name).join('|')}) command=$words[2] first=2 ;;
    esac
${firstWords
  .map(
    (word) => `    if [[ $words[2] == ${word} ]]; then
      if ((CURRENT == 3)); then
        local -a commands=(
${twoWords
  .filter((command) => command.name.startsWith(`${word} `))
  .map((command) => `          ${described(command.name.slice(word.length + 1), command.summary)}`)
  .join('\n')}
        )
        _describe -t commands command commands
        return
      fi
      command="$words[2] $words[3]" first=3
    fi`,
  )
  .join('\n')}
  fi
  case $command in
${commands.map((command) => `    ${quoted(command.name)}) specs+=(${[...command.arguments.map((argument) => quoted(`${argument.isLast ? '*' : ''}:${escaped(argument.title)}:${action(argument)}`)), ...(command.rest === 'program' ? [quoted('1:program: _command_names -e'), quoted('*::arguments: _normal')] : [])].join(' ')}) ;;`).join('\n')}
  esac
${flagGroups
  .map(
    (group) => `  case $command in
    ${group.commands.map(quoted).join('|')}) specs+=(
${group.flags
  .flatMap(specsOf)
  .map((spec) => `      ${spec}`)
  .join('\n')}
    ) ;;
  esac`,
  )
  .join('\n')}
  if ((first == 1 && CURRENT == 2)) && [[ $words[2] != -* ]]; then
    ${name}_commands
    _files
    return
  fi
  words=("$words[1]" "\${(@)words[first+1,-1]}")
  ((CURRENT -= first - 1))
  _arguments -s -S : "$specs[@]"
}

# Loaded from $fpath, this file is the function itself; sourced, it registers it.
if [[ $funcstack[1] == ${name} ]]; then
  ${name} "$@"
else
  compdef ${name} ${quoted(program)}
fi
`
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

const escaped = (text: string): string => text.replaceAll(/[\\:[\]]/g, '\\$&')

function action({ words, also }: Candidates): string {
  const fromSystem = also ? actions[also] : ' '
  if (words.length === 0) return fromSystem
  const list = words.map(escaped).join(' ')
  return also ? `{_values value ${list}; ${fromSystem}}` : `(${list})`
}

/** One for each spelling: each excludes the others, unless the flag may be given several times. */
function specsOf({ names, summary, isRepeatable, value }: CompletedFlag): string[] {
  const taken = isRepeatable ? '*' : `(${names.join(' ')})`
  return names.map((flag) => {
    const separator = value ? (flag.startsWith('--') ? '=' : '+') : ''
    const argument = value ? `:${escaped(value.title)}:${action(value)}` : ''
    return quoted(`${taken}${flag}${separator}[${escaped(summary)}]${argument}`)
  })
}
