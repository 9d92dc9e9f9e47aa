import { execFileSync } from 'node:child_process'
import { peer } from '../../scripts/peers/peers.mjs'

const settings = `
from gunicorn.config import make_settings
for name, setting in make_settings().items():
    print(name, *(setting.cli or []))
`

/** The flags and settings that the installed servers list themselves. */
export const flagsOfPeers = {
  Gunicorn: (): string[] => words(execFileSync(peer('python'), ['-c', settings], { encoding: 'utf8' })),
  Uvicorn: (): string[] =>
    execFileSync(peer('uvicorn'), ['--help'], { encoding: 'utf8', env: { ...process.env, COLUMNS: '200' } })
      .split('\n')
      .filter((line) => line.startsWith('  -'))
      .flatMap(
        (line) =>
          line
            .slice(0, 40)
            .split('  ')
            .slice(0, 2)
            .join(' ')
            .match(/(?<![\w`-])--[a-z0-9-]+/g) ?? [],
      ),
} as const

const words = (text: string): string[] => text.trim().split(/\s+/)
