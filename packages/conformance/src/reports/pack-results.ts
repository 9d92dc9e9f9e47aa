import type { RecordedObservation } from '../clients/recorder.ts'
import type { MatrixView } from './matrix-view.ts'
import { visibleText } from './visible-text.ts'

type Scalar = string | number | boolean | null

/** What the page's panel shows. The doors of a case see much the same, so each value and each exchange is kept once. */
export interface PackedResults {
  readonly columns: readonly string[]
  readonly rows: readonly PackedRow[]
  readonly values: readonly Scalar[]
  /** Numbers of values, in the order of `fields` below. */
  readonly observations: readonly (readonly number[])[]
}

interface PackedRow {
  readonly id: string
  readonly level: string
  readonly requirement: string
  readonly source: string
  /** For each column `0`, or for each door: its name, status, milliseconds, detail (all three texts as numbers of values), and numbers of observations. */
  readonly marks: readonly (0 | readonly (readonly [number, number, number, number, readonly number[]])[])[]
}

export function packResults({ columns, groups }: MatrixView): PackedResults {
  const values = numbered<Scalar>()
  const observations = numbered<readonly number[]>()
  const value = (one: Scalar): number => values.numberOf(typeof one === 'string' ? visibleText(one) : one)
  return {
    columns: columns.map(({ name }) => visibleText(name)),
    rows: groups
      .flatMap(({ rows }) => rows)
      .map(({ id, described, marks }) => ({
        id: visibleText(id),
        level: described?.level ?? '',
        requirement: visibleText(described?.requirement ?? ''),
        source: visibleText(described?.source ?? ''),
        marks: marks.map((mark) =>
          mark === null
            ? 0
            : mark.results.map(
                (result) =>
                  [
                    value(result.door),
                    value(result.status),
                    result.durationMs,
                    value(result.detail),
                    result.observations.map((one) => observations.numberOf(fields(one).map(value))),
                  ] as const,
              ),
        ),
      })),
    values: values.all,
    observations: observations.all,
  }
}

/** The page's script counts on this order. */
function fields({ client, asked, outcome, reason, status, tls }: RecordedObservation): Scalar[] {
  const session = tls
    ? [tls.version, tls.cipher, tls.group, tls.alpn, tls.fingerprint256, tls.resumed]
    : [null, null, null, null, null, null]
  return [client, asked, outcome, reason, status, ...session]
}

/** Assigns one number to equal things, in order of appearance. */
function numbered<Thing>(): { readonly all: Thing[]; numberOf(thing: Thing): number } {
  const all: Thing[] = []
  const numbers = new Map<string, number>()
  return {
    all,
    numberOf(thing) {
      const key = JSON.stringify(thing)
      const known = numbers.get(key)
      if (known !== undefined) return known
      numbers.set(key, all.length)
      return all.push(thing) - 1
    },
  }
}
