import type { Command } from './command.ts'

export const conformanceCommand: Command = {
  name: 'conformance',
  summary: 'Run the conformance suite on a backend: single, cluster, or the path of a module.',
  positionals: ['[BACKEND]'],
  takesOptions: false,
  flags: {
    case: {
      takesValue: true,
      placeholder: '<pattern>',
      summary: 'Only cases whose id matches; * stands for anything. May be given several times.',
    },
    door: {
      takesValue: true,
      placeholder: '<backend|launch|command>',
      summary: 'Only through this door. May be given several times; unset, through all of them.',
    },
    quick: { takesValue: false, summary: 'Leave out the few cases that take many seconds by their nature.' },
    list: { takesValue: false, summary: 'List the cases with what they require.' },
    report: {
      takesValue: true,
      placeholder: '<folder>',
      summary: 'Write the results there: results.json, and from it a page, Markdown and JUnit XML.',
    },
    'known-failures': {
      takesValue: true,
      placeholder: '<path>',
      summary: 'A JSON array of { id, reason }: cases that may fail, and must be taken out once they pass.',
    },
  },
  // Loaded when it is asked for: no server pays for the suite.
  run: async (line, output) => (await import('./run-conformance.ts')).runConformance(line, output),
}
