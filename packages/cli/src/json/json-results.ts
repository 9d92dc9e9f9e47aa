import { z } from 'zod'
import { shells } from '../commands/completion/shells.ts'
import { type JsonCommand, jsonVersions } from './json-versions.ts'

// The one table of what `--json` writes. Commands import its types alone: no start loads this file.

const text = z.string()
/** A program may hand in a date, which JSON has as text. */
const time: z.ZodType<string | Date, string | Date> = z.iso.datetime().describe('ISO 8601, UTC')
const pid = z.int().describe('Process id')
const object = z.strictObject

const fault = object({
  code: text.describe('Stable, such as `LOCKSTEP_ERR_ADDRESS_IN_USE`'),
  message: text.describe('What was found'),
  hint: text.describe('What to do'),
  source: text.nullable().describe('Where the value was set; `null`: nowhere'),
  docs: text.nullable().describe('The page that explains the code; `null`: the code of another author'),
})

const leaf = object({
  fingerprint256: text.describe('SHA-256, as `AA:BB:…`'),
  subject: text,
  issuer: text,
  notBefore: time,
  notAfter: time,
  hosts: z.array(text),
  selfSigned: z.boolean(),
})

const verification = object({
  endpoints: z.array(
    object({
      url: text.nullable(),
      connectedTo: text,
      scheme: z.enum(['http', 'https']),
      tls: object({
        version: text,
        cipher: text,
        group: text.nullable(),
        fingerprint256: text,
        alpn: text.nullable(),
      })
        .nullable()
        .describe('`null`: plain HTTP'),
      checks: z.array(object({ name: text, passed: z.boolean(), expected: text, observed: text })),
    }),
  ),
  at: time,
  durationMs: z.number(),
})

const reloadCause = z.enum(['api', 'signal', 'verb', 'file', 'renewal', 'retry'])

const reload = object({
  cause: reloadCause,
  scope: z.enum(['all', 'tls']),
  config: z.enum(['read', 'loaded', 'kept', 'none']).describe('What was done with the configuration file'),
  changed: z.boolean().describe('Whether certificates or TLS settings have changed'),
  replaced: z.int().describe('Number of workers that were replaced'),
  appKept: z
    .boolean()
    .describe('Whether the app was to be reloaded, and is as it was. Over plain HTTP, `ok` is then false')
    .optional(),
  warnings: z
    .array(text)
    .describe('New ones, such as variables that the app gets at the next start')
    .optional(),
  before: leaf.nullable(),
  after: leaf.nullable(),
  sessionsKept: z.boolean(),
  workers: z.int(),
  acknowledgedMs: z.number(),
  verification: verification.nullable(),
  at: time,
  durationMs: z.number(),
})

const served = object({
  connections: z.int(),
  requests: z.int(),
  lostLines: z.int(),
  refusedClients: z.int(),
  refusedConnections: z.int(),
})

const status = object({
  state: text,
  name: text.nullable(),
  backend: text,
  reason: text.describe('Why this backend'),
  listen: text.nullable().describe('What in the app sets the address; `null`: the options do'),
  pid,
  ownsProcess: z.boolean(),
  urls: z.array(text),
  workers: z.array(
    object({
      id: z.int(),
      pid,
      state: z.enum(['booting', 'ready', 'draining']),
      startedAt: time,
      restarts: z.int(),
      served: served.optional(),
    }),
  ),
  wanted: z.int().describe('How many workers there should be'),
  failing: z.array(object({ worker: z.int(), failures: z.int(), reason: text })),
  startedAt: time,
  certificate: leaf.nullable(),
  expiring: z.array(leaf.extend({ role: z.enum(['leaf', 'intermediate', 'client CA', 'revocation list']) })),
  reload: object({
    last: reload.nullable(),
    failure: object({ cause: reloadCause, code: text, message: text, at: time }).nullable(),
  }),
})

const servers = { servers: z.array(status) }

const address = z.union([
  object({ kind: z.literal('tcp'), host: text, port: z.int(), movedFrom: z.int().optional() }),
  object({ kind: z.enum(['unix', 'pipe']), path: text }),
])

const ready = {
  level: z.literal('info'),
  message: text,
  type: z.literal('ready'),
  urls: z.array(text),
  addresses: z.array(address),
  backend: text,
  reason: text,
  name: text.nullable(),
  pid,
  workers: z.array(object({ id: z.int(), pid })),
  certificate: leaf.nullable(),
  verification: verification.nullable(),
  readyMs: z.number(),
  keylogFile: text.optional(),
  timestamp: time,
}

const typed = z.union([text, z.number(), z.boolean()])

const plan = {
  backend: text.nullable(),
  reason: text.nullable(),
  configFile: text.nullable(),
  envFile: object({ file: text, variables: z.array(text) })
    .nullable()
    .describe('The environment file, and names of variables that the app gets from it'),
  app: object({ file: text, chosenBy: text.nullable() }).nullable(),
  ownersLookedAt: z.enum(['yes', 'not root', 'no owners']),
  hooks: z.array(text),
  options: z.array(
    object({
      name: text,
      value: z
        .union([typed, z.array(typed), z.null()])
        .describe('Durations are in milliseconds, sizes in bytes; `null`: unset'),
      text: text.describe('The value for people'),
      source: text,
      setBy: text,
      honoured: z
        .boolean()
        .nullable()
        .describe('Whether the backend can honour it; `null`: there is no backend'),
      verdict: z.enum(['honoured', 'refused', 'unset', 'off', 'overridden', 'without effect', 'no answer']),
      how: text,
    }),
  ),
  faults: z.array(fault),
}

const certificate = object({
  subject: text,
  issuer: text,
  subjectAltNames: z.array(text),
  serialNumber: text,
  notBefore: time,
  notAfter: time,
  keyType: text,
  signature: text,
  fingerprint256: text,
  isAuthority: z.boolean(),
  selfSigned: z.boolean(),
  pem: text,
})

const trust = {
  changed: z.boolean().describe('Whether the commands were run'),
  root: text.nullable().describe('The file of the local CA; `null`: there is none'),
  commands: z.array(z.array(text)).describe('Each as its program and arguments'),
}

/** By the name of the command: what it writes when it succeeds, beside `schema` and `ok`. */
export const jsonResults = {
  run: { says: 'One line, when the server is ready. Its log goes on on standard error.', result: ready },
  serve: { says: 'As `run`.', result: ready },
  exec: { says: 'As `run`.', result: ready },
  check: {
    says: 'What a client saw on the temporary port.',
    result: {
      backend: text,
      reason: text,
      verification: verification.nullable(),
      warnings: z.array(text),
    },
  },
  plan: { says: 'Each option, also if there are faults.', result: plan },
  ps: { says: 'Each server.', result: servers },
  status: {
    says: 'As `ps`. With `--watch`, one line for each change.',
    result: servers,
  },
  reload: { says: 'What came of the reload.', result: reload.shape },
  scale: { says: 'The number of workers.', result: { workers: z.int() } },
  restart: { says: 'The number of the worker that was replaced.', result: { worker: z.int() } },
  stacks: {
    says: 'The calls of each worker, innermost first.',
    result: {
      workers: z.array(
        object({
          worker: z.int(),
          pid,
          frames: z.array(text).nullable().describe('Empty: it waits for events. `null`: no answer in time'),
        }),
      ),
    },
  },
  'reopen-logs': {
    says: 'The files that were opened again.',
    result: {
      files: z.array(text),
      processes: z.int().describe('Number of processes that write to them'),
      draining: z.int().describe('Number of those that were replaced, and drain'),
    },
  },
  stop: { says: 'The server that has stopped.', result: { pid } },
  'cert create': {
    says: 'The files that were written.',
    result: {
      cert: text,
      key: text,
      root: text.nullable().describe('The file of the local CA; `null`: self-signed'),
      certificates: z.array(certificate),
    },
  },
  'cert inspect': {
    says: 'The chain. `ok` is false if a client would refuse it.',
    result: {
      source: text,
      connection: object({
        protocol: text,
        cipher: text,
        group: text.nullable(),
        alpn: text.nullable(),
        refusal: text.nullable(),
      })
        .nullable()
        .describe('`null`: a file'),
      certificates: z.array(certificate),
      findings: z.array(
        object({
          code: text,
          severity: z.enum(['wrong', 'note']),
          certificate: z.int().nullable(),
          message: text,
        }),
      ),
      root: object({ subject: text, trustedBy: text }).nullable(),
    },
  },
  'cert trust': { says: 'The commands for the trust stores.', result: trust },
  'cert untrust': { says: 'As `cert trust`.', result: trust },
  conformance: {
    says: 'Each case through each door. `ok` is false if the backend falls short. With `--list`, only the cases.',
    result: {
      backend: text.optional(),
      conforms: z.boolean().optional(),
      verdict: object({
        state: z.enum(['conforms', 'below the minimum', 'falls short', 'part']),
        missing: z
          .array(object({ what: text, why: text, cases: z.array(text) }))
          .describe('What of the minimum is refused, and the cases that show it'),
        refusedCases: object({ MUST: z.number(), SHOULD: z.number() }),
        refused: z
          .array(object({ group: text, always: z.array(text), partly: z.array(text) }))
          .describe('Options and members that are refused, by groups'),
      })
        .optional()
        .describe('`part`: nothing fell short, but too few cases were run to say more'),
      cases: z.array(object({ id: text, level: z.enum(['MUST', 'SHOULD']), requirement: text })).optional(),
      results: z
        .array(
          object({
            id: text,
            level: z.enum(['MUST', 'SHOULD']),
            door: text,
            status: text,
            detail: text,
            durationMs: z.number(),
          }),
        )
        .optional(),
    },
  },
  completion: {
    says: 'The script for the shell.',
    result: { shell: z.enum(shells), script: text },
  },
  help: {
    says: 'The help of a command, as with `--help`, or the explanation of an error code.',
    result: { text },
  },
  '--version': { says: 'The version of Lockstep, or of your own command.', result: { version: text } },
} as const satisfies Record<
  JsonCommand,
  { readonly says: string; readonly result: Readonly<Record<string, z.ZodType>> }
>

/** What a command writes with `--json`, without what all results have. */
export type JsonResult<Name extends JsonCommand> = Unchanging<
  z.input<z.ZodObject<(typeof jsonResults)[Name]['result'], z.core.$strict>>
>

/** One thing that is wrong. */
export type JsonFault = Unchanging<z.input<typeof fault>>

type Unchanging<Value> = Value extends Date
  ? Value
  : Value extends object
    ? { readonly [Name in keyof Value]: Unchanging<Value[Name]> }
    : Value

/** The schema of everything that a command may write: its result, or why it failed. */
export function schemaOf(name: JsonCommand): z.ZodType {
  const { result } = jsonResults[name]
  const version = z.literal(jsonVersions[name])
  const exitCode = z.int().describe('The exit code of the command')
  const success = object({ schema: version, ok: z.literal(true), ...result })
  const failure = object({ schema: version, ok: z.literal(false), faults: z.array(fault), exitCode })
  // These have a result also when they fail.
  const both = object({ schema: version, ok: z.literal(false), ...result, faults: z.array(fault), exitCode })
  return withResultOfFailure.has(name) ? z.union([success, both, failure]) : z.union([success, failure])
}

const withResultOfFailure: ReadonlySet<JsonCommand> = new Set([
  'plan',
  'reload',
  'cert inspect',
  'conformance',
])
