import { type CatalogCode, errorCatalog } from './error-catalog.ts'
import { errorMeanings } from './error-meanings.ts'
import { exitCodes, faultKinds } from './exit-codes.ts'

/** Where an error is explained: each row has its code in lower case as its anchor. */
export const pageOfErrors = (code: string): string =>
  `https://github.com/lockstep-run/lockstep/blob/main/docs/errors.md#${code.toLowerCase()}`

/** The whole of `docs/errors.md`, from the catalogue. */
export function errorDocs(): string {
  const exits = Object.values(exitCodes).map(({ number, meaning }) => `| ${number} | ${meaning} |`)
  const errors = Object.entries(errorCatalog).map(
    ([code, { exit }]) =>
      `| \`${code}\` | ${exitCodes[exit].number} | <a id="${code.toLowerCase()}"></a>${errorMeanings[code as CatalogCode]} |`,
  )
  const kinds = faultKinds.map((kind) => `\`${kind}\` (${exitCodes[kind].number})`).join(', ')
  return `# Errors and exit codes

<!-- Generated from the error catalogue by \`npm run docs\`. Do not edit. -->

Every error that Lockstep reports is a \`LaunchError\` with a stable \`code\`, what was found, where it was set (\`source\`) and what to do
(\`hint\`). When several things are wrong, all of them are reported at once, in \`faults\`. Match on the code; messages may change.
\`lockstep help CODE\` shows the row of a code.

## Exit codes

| exit code | meaning |
|---|---|
${exits.join('\n')}

## Error codes

| code | exit code | meaning |
|---|---|---|
${errors.join('\n')}

## Codes of other authors

A code that begins with \`X_\` is not one of Lockstep's. It comes from a backend or another package, whose own documentation explains it. Its author chooses the exit code by the \`kind\` of the fault, which is ${kinds}; without one, it is ${exitCodes.internal.number}.
`
}
