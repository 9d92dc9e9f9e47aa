import type { RecordedRequest } from './recorded-requests.ts'

/** Targets of the corpus that the app may see, with and without the mark of a request. */
const [plain, marked] = [/\/(outer|after)(?![\w-])/g, /\/(outer|after)-(\d+)-/] as const

/** What is sent for the request with this number: each of its targets has the number. */
export function mark(text: string, number: number): string {
  return text.replaceAll(plain, `/$1-${number}-`)
}

/**
 * What the app has recorded, by the number of the request that it belongs to, without the marks. An app in another process may record a request that was
 * refused within its body later than the client reads its answer: without a mark, this would be taken for a part of the next request.
 */
export class MarkedRecords {
  readonly #seen = new Map<number, RecordedRequest[]>()

  /** `current` is the number of the request that was sent last: what has no mark belongs to it. */
  add(records: readonly RecordedRequest[], { current }: { current: number }): void {
    for (const record of records) {
      const number = Number(marked.exec(record.target)?.[2] ?? current)
      const target = record.target.replace(marked, '/$1')
      this.#seen.set(number, [...this.of(number), { ...record, target }])
    }
  }

  of(number: number): readonly RecordedRequest[] {
    return this.#seen.get(number) ?? []
  }
}
