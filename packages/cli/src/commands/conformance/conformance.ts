import type { Command } from '../command.ts'
import { jsonFlag } from '../verb-progress.ts'
import { loadSuite } from './load-suite.ts'

export const conformanceCommand: Command = {
  name: 'conformance',
  summary: 'Run the conformance suite on a backend: single, cluster, or the path of a module.',
  positionals: ['[BACKEND]'],
  takesOptions: false,
  flags: {
    case: {
      takesValue: true,
      placeholder: '<pattern>',
      summary: 'Run only cases whose id matches; * matches anything. May be given several times.',
    },
    door: {
      takesValue: true,
      placeholder: '<backend|launch|command>',
      completes: ['backend', 'launch', 'command'],
      summary:
        'How to start the backend: directly, by launch(), or by the command. May be given several times. Default: all.',
    },
    quick: { takesValue: false, summary: 'Skip the few cases that take many seconds.' },
    list: { takesValue: false, summary: 'List the cases and their requirements.' },
    report: {
      takesValue: true,
      placeholder: '<folder>',
      completes: 'folders',
      summary: 'Write the results to this folder: results.json, and from it a page, Markdown and JUnit XML.',
    },
    program: {
      takesValue: true,
      placeholder: '<node|python|path>',
      completes: { words: ['node', 'python'], also: 'files' },
      summary:
        'What plays the app where the backend runs programs. A path is a JSON file with { command, apps }.',
    },
    'known-failures': {
      takesValue: true,
      placeholder: '<path>',
      completes: 'files',
      summary: 'JSON array of { id, reason }: cases that may fail. Remove each one when it passes.',
    },
    ...jsonFlag,
  },
  // Loaded when it is asked for: no server pays for the suite.
  async run(line, output) {
    const suite = await loadSuite()
    return (await import('./run-conformance.ts')).runConformance(line, { output, suite })
  },
}
