import type { Candidates, CompletedFlag, CompletionModel } from './completion-model.ts'

/** Words that compgen offers, by what the system has. */
const actions = { files: 'f', folders: 'd', users: 'u', groups: 'g' } as const

/** For bash 3.2 (macOS) and newer, without the package bash-completion. */
export function bashScript({ program, defaultCommand, commands, flagGroups }: CompletionModel): string {
  const name = `_${program.replaceAll(/\W/g, '_')}`
  const names = commands.map((command) => command.name)
  const firstWords = [...new Set(names.map((each) => each.split(' ')[0] ?? ''))]
  const longNames = names.filter((each) => each.includes(' '))
  const argumentCases = commands.flatMap((command) =>
    command.arguments.map(
      (argument, index) =>
        `    ${quoted(command.name)}' '${argument.isLast ? '*' : index}) ${offer(argument)} ;;`,
    ),
  )
  return `# Completion for ${program} in bash. Written by \`${program} completion bash\`.

# Sets flags: those that the command $1 takes.
${name}_flags() {
  flags=
${flagGroups
  .map(
    (group) => `  case $1 in
    ${patterns(group.commands)}) flags+=" ${group.flags.flatMap((flag) => flag.names).join(' ')}" ;;
  esac`,
  )
  .join('\n')}
}

# Sets words and action: what completes the value of the flag $2 of the command $1. Returns 1 if it takes none.
${name}_value() {
  words= action=
${flagGroups
  .filter((group) => group.flags.some(({ value }) => value))
  .map(
    (group) => `  case $1 in
    ${patterns(group.commands)})
      case $2 in
${valueCases(group.flags)}
      esac ;;
  esac`,
  )
  .join('\n')}
  return 1
}

# Sets words and action: what completes the argument number $2 of the command $1.
${name}_argument() {
  words= action=
  case "$1 $2" in
${argumentCases.join('\n')}
  esac
}

${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  local command=${quoted(defaultCommand)} first=1 words= action= flags= index=0 word i
  # bash takes --flag=value for three words.
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]]; then
    prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  case "\${COMP_WORDS[1]} \${COMP_WORDS[2]}" in
    ${longNames.map((each) => `${quoted(each)}`).join('|')})
      if ((COMP_CWORD > 2)); then command="\${COMP_WORDS[1]} \${COMP_WORDS[2]}" first=3; fi ;;
    ${names
      .filter((each) => !each.includes(' '))
      .map((each) => `${quoted(each)}' '*`)
      .join('|')})
      if ((COMP_CWORD > 1)); then command=\${COMP_WORDS[1]} first=2; fi ;;
  esac
  for ((i = first; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case $word in
      --)
        action=f
        case $command in
          ${patterns(commands.filter(({ rest }) => rest === 'program').map((each) => each.name)) || "''"}) if ((i + 1 == COMP_CWORD)); then action=c; fi ;;
        esac
        break ;;
      -*)
        if [[ \${COMP_WORDS[i+1]} == = ]]; then
          ((i += 2))
        elif ${name}_value "$command" "$word"; then
          ((i += 1))
        fi
        words= action= ;;
      =) ;;
      *) ((index += 1)) ;;
    esac
  done
  if [[ -z $action ]]; then
    if ! ${name}_value "$command" "$prev"; then
      if [[ $cur == -* ]]; then
        ${name}_flags "$command"
        words=$flags
      elif ((COMP_CWORD == 1)); then
        ${name}_argument "$command" 0
        words+=" ${firstWords.join(' ')}"
${groupsOf(longNames)
  .map(
    ([first, rest]) => `      elif ((COMP_CWORD == 2)) && [[ \${COMP_WORDS[1]} == ${first} ]]; then
        words=${quoted(rest.join(' '))}
`,
  )
  .join('')}      else
        ${name}_argument "$command" "$index"
      fi
    fi
  fi
  local IFS=$' \\t\\n'
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  if [[ -n $action ]]; then
    IFS=$'\\n'
    COMPREPLY+=($(compgen -"$action" -- "$cur"))
    # Quotes names with spaces, and writes a slash after a folder. bash 3.2 does not have it.
    case $action in f|d) compopt -o filenames 2>/dev/null ;; esac
  fi
}
complete -F ${name} ${quoted(program)}
`
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

const patterns = (words: readonly string[]): string => words.map(quoted).join('|')

function offer({ words, also }: Candidates): string {
  return `words=${quoted(words.join(' '))} action=${also ? actions[also] : ''}`
}

function valueCases(flags: readonly CompletedFlag[]): string {
  return flags
    .flatMap(({ names, otherNames, value }) =>
      value ? [`        ${[...names, ...otherNames].join('|')}) ${offer(value)}; return 0 ;;`] : [],
    )
    .join('\n')
}

/** The second words of commands with two, by their first. */
function groupsOf(names: readonly string[]): [string, string[]][] {
  const groups = new Map<string, string[]>()
  for (const each of names) {
    const [first = '', second = ''] = each.split(' ')
    groups.set(first, [...(groups.get(first) ?? []), second])
  }
  return [...groups]
}
