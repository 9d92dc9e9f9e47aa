import { exitCodes } from '@lockstep/core/internal'

/**
 * What pages say about exit codes, word by word, with the number from the table. A sentence with an exit code that is not in this list fails
 * `claims.test.ts`.
 */
const { ok, options, app, tls, address, refused, verification, files, conformance, control, forced } =
  Object.fromEntries(Object.entries(exitCodes).map(([name, { number }]) => [name, number])) as Record<
    keyof typeof exitCodes,
    number
  >

export const claims: Readonly<Record<string, readonly string[]>> = {
  'README.md': [`A difference stops the launch with exit code ${verification}.`],
  'ARCHITECTURE.md': [`rejects with \`LOCKSTEP_ERR_STOPPED\`, and the command exits with ${ok}.`],
  'docs/certificates.md': [`The exit code is ${tls} if it would refuse the chain, otherwise ${ok}.`],
  'docs/command-line.md': [
    `${options} an option, ${app} the app, ${tls} TLS, ${address} an address, ${refused} a refusal, ${verification} verification`,
    `It exits with ${ok} and what it measured`,
    `reports everything that is wrong at once, and exits with ${options} here`,
    `\`check\` warns that a start would fail now, and still exits with ${ok}.`,
  ],
  'docs/configuration.md': [`at the start that is exit code ${options}`],
  'docs/express.md': [`it names the option, exits with ${control}, and the server keeps serving as before`],
  'docs/kubernetes.md': [`Has ended before, with exit code ${ok}.`],
  'docs/lifecycle.md': [
    `so \`lockstep reload\` exits with ${control}`,
    `the command names the option and exits with ${control}`,
    `The launcher exits with ${ok}, or with ${forced} when it got a second stop signal.`,
    `the launch fails with its error and exit code ${app}`,
  ],
  'docs/lifespan.md': [`the launch then fails with exit code ${app}`],
  'docs/security.md': [`fails with \`LOCKSTEP_ERR_UNTRUSTED_FILE\` and exit code ${refused}`],
  'docs/signals.md': [
    `The launcher exits with ${ok} after a stop. After a second or third stop signal it exits with ${forced}; a repeated \`lockstep stop\`, or one with \`--force\`, leaves the ${ok}.`,
    `It exits with ${control} when there is no such server`,
    `A failed reload exits with the code that a start would have, such as ${app} or ${tls}.`,
    `It exits with ${files} when a process can't`,
  ],
  'docs/tls.md': [
    `the last command ends with exit code ${tls}`,
    `ends with exit code ${ok}. If a client would refuse the chain, it says why and ends with exit code ${tls}`,
    `The log, \`lockstep status\` and exit code ${tls} say so.`,
  ],
  'docs/writing-a-backend.md': [
    `Exit code ${ok} means that the backend conforms, and ${conformance} that it does not.`,
  ],
}

/** Written from the tables or by a run, or about other launchers and apps. */
export const generatedPages: readonly string[] = [
  ...['docs/errors.md', 'docs/events.md', 'docs/options.md', 'docs/app-contract.md', 'docs/conformance.md'],
  ...[
    'docs/benchmarks.md',
    'docs/benchmarks/details.md',
    'docs/frameworks.md',
    'docs/other-launchers.md',
    'docs/langflow.md',
  ],
]
