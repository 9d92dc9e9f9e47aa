import { bashScript } from './bash-script.ts'
import type { CompletionModel } from './completion-model.ts'
import { fishScript } from './fish-script.ts'
import { powershellScript } from './powershell-script.ts'
import type { Shell } from './shells.ts'
import { zshScript } from './zsh-script.ts'

const writers = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
} as const satisfies Record<Shell, (model: CompletionModel) => string>

export function writeScript(shell: Shell, model: CompletionModel): string {
  return writers[shell](model)
}
