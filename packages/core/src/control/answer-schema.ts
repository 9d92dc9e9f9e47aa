import { z } from 'zod'
import { isErrorCode } from '../errors/error-catalog.ts'
import { faultKinds } from '../errors/exit-codes.ts'
import type { ToldLine, VerbName, VerbResults } from './control-messages.ts'

/**
 * One line of an answer, from JSON. Throws when it is not what this version expects. Fields that are not read by a verb are
 * not looked at.
 */
export function parseAnswerLine<Verb extends VerbName>(
  text: string,
  verb: Verb,
): ToldLine<VerbResults[Verb]> {
  schemas ??= makeSchemas()
  const found = schemas[verb].safeParse(parseJson(text))
  if (found.success) return found.data as unknown as ToldLine<VerbResults[Verb]>
  throw new Error('it speaks another version of the protocol')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('a line of its answer is not JSON')
  }
}

/** Made when the first answer comes: a server needs none of them. */
let schemas: Record<VerbName, z.ZodType> | undefined

function makeSchemas(): Record<VerbName, z.ZodType> {
  const leaf = z.looseObject({
    subject: z.string(),
    hosts: z.array(z.string()),
    notAfter: z.iso.datetime(),
    fingerprint256: z.string(),
  })
  const served = z.looseObject({ connections: z.number(), requests: z.number() })
  const status = z.looseObject({
    pid: z.int(),
    name: z.string().nullable(),
    state: z.string(),
    backend: z.string(),
    reason: z.string(),
    listen: z.string().nullable().optional(),
    ownsProcess: z.boolean().optional(),
    startedAt: z.iso.datetime(),
    urls: z.array(z.string()),
    wanted: z.int(),
    workers: z.array(
      z.looseObject({
        id: z.int(),
        pid: z.int(),
        state: z.string(),
        restarts: z.int(),
        served: served.optional(),
      }),
    ),
    failing: z.array(z.looseObject({ worker: z.int(), failures: z.int(), reason: z.string() })),
    certificate: leaf.nullable(),
    expiring: z.array(leaf),
    reload: z.looseObject({
      last: z.looseObject({ at: z.string(), cause: z.string() }).nullable(),
      failure: z
        .looseObject({ at: z.string(), cause: z.string(), code: z.string(), message: z.string() })
        .nullable(),
    }),
  })
  const results = {
    status,
    reload: z.looseObject({
      changed: z.boolean(),
      before: leaf.nullable(),
      after: leaf.nullable(),
      replaced: z.int(),
      appKept: z.boolean().optional(),
      warnings: z.array(z.string()).default([]),
      workers: z.int(),
      sessionsKept: z.boolean(),
      acknowledgedMs: z.number(),
      durationMs: z.number(),
      verification: z.looseObject({ durationMs: z.number() }).nullable(),
    }),
    scale: z.looseObject({ workers: z.int() }),
    restart: z.looseObject({ worker: z.int() }),
    stacks: z.array(z.looseObject({ worker: z.int(), pid: z.int(), frames: z.array(z.string()).nullable() })),
    'reopen-logs': z.looseObject({
      files: z.array(z.string()),
      processes: z.int(),
      draining: z.int().default(0),
    }),
    stop: z.null(),
  } as const satisfies Record<VerbName, z.ZodType>
  const progress = z.object({ progress: z.looseObject({ type: z.string() }) })
  const faults = z.object({
    faults: z
      .array(
        z.object({
          code: z.string().refine(isErrorCode),
          kind: z.enum(faultKinds).optional(),
          message: z.string(),
          hint: z.string(),
          source: z.string().optional(),
        }),
      )
      .nonempty(),
  })
  const line = (result: z.ZodType): z.ZodType => z.union([progress, z.object({ result }), faults])
  return Object.fromEntries(Object.entries(results).map(([verb, result]) => [verb, line(result)])) as Record<
    VerbName,
    z.ZodType
  >
}
