import type { CompletionModel } from './completion-model.ts'

/** For PowerShell 5.1 and newer. Where it offers nothing, PowerShell completes files by itself. */
export function powershellScript({ program, defaultCommand, commands, flagGroups }: CompletionModel): string {
  const list = (words: readonly string[]): string => `@(${words.map(quoted).join(', ')})`
  const entries = flagGroups.map(({ commands: takers, flags }) => {
    const rows = flags.map(({ names, otherNames, summary, value }) => {
      const values = value ? list(value.words) : '$null'
      return `      @{ Names = ${list(names)}; OtherNames = ${list(otherNames)}; Summary = ${quoted(summary)}; Values = ${values} }`
    })
    return `    @{ Commands = ${list(takers)}; Flags = @(\n${rows.join('\n')}\n    ) }`
  })
  const described = commands.map(
    (command) =>
      `    @{ Name = ${quoted(command.name)}; Summary = ${quoted(command.summary)}; Arguments = ${list(command.arguments.flatMap(({ words }) => words))} }`,
  )
  return `# Completion for ${program} in PowerShell. Written by \`${program} completion powershell\`.

Register-ArgumentCompleter -Native -CommandName ${quoted(program)} -ScriptBlock {
  param($word, $line, $position)
  $commands = @(
${described.join('\n')}
  )
  $groups = @(
${entries.join('\n')}
  )
  $before = @($line.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { $_.ToString() })
  $found = $commands | Where-Object { $name = @($_.Name -split ' '); (@($before | Select-Object -First $name.Count) -join ' ') -eq $_.Name } | Select-Object -First 1
  $command = if ($found) { $found.Name } else { ${quoted(defaultCommand)} }
  $flags = @($groups | Where-Object { $_.Commands -contains $command } | ForEach-Object { $_.Flags })
  $previous = if ($before.Count -gt 0) { $before[-1] } else { '' }
  $taking = $flags | Where-Object { $null -ne $_.Values -and (($_.Names + $_.OtherNames) -ccontains $previous) } | Select-Object -First 1
  $offered = if ($before -contains '--') {
    @()
  } elseif ($taking) {
    $taking.Values | ForEach-Object { @{ Text = $_; Summary = $_ } }
  } elseif ($word -like '-*') {
    foreach ($flag in $flags) { foreach ($name in $flag.Names) { @{ Text = $name; Summary = $flag.Summary } } }
  } else {
    if ($found) { $found.Arguments | ForEach-Object { @{ Text = $_; Summary = $_ } } }
    foreach ($each in $commands) {
      $name = @($each.Name -split ' ')
      if ($before.Count -lt $name.Count -and (@($name | Select-Object -First $before.Count) -join ' ') -eq ($before -join ' ')) {
        @{ Text = $name[$before.Count]; Summary = $each.Summary }
      }
    }
  }
  $offered | Where-Object { $_.Text -like "$word*" } | Sort-Object { $_.Text } -Unique | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_.Text, $_.Text, 'ParameterValue', $_.Summary)
  }
}
`
}

const quoted = (word: string): string => `'${word.replaceAll("'", "''")}'`
