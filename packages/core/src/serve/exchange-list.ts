import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A request in flight: its response, and the connection that it belongs to. */
export interface Exchange {
  readonly response: ServerResponse
  readonly socket: Socket
}

interface Link extends Exchange {
  previous: Link | null
  next: Link | null
}

/**
 * The requests in flight. Every request is put in and taken out again, which a linked list does in a few nanoseconds, and a `Map` or a `Set`
 * of objects in a quarter of a microsecond: it hashes them, and is copied again and again as its entries come and go.
 */
export class ExchangeList implements Iterable<Exchange> {
  #first: Link | null = null

  /** Gives back what takes it out again. To be called once. */
  add(response: ServerResponse, socket: Socket): () => void {
    const link: Link = { response, socket, previous: null, next: this.#first }
    if (this.#first) this.#first.previous = link
    this.#first = link
    return () => this.#remove(link)
  }

  #remove(link: Link): void {
    const { previous, next } = link
    if (previous) previous.next = next
    else this.#first = next
    if (next) next.previous = previous
    // One that has grown old would keep its younger neighbours from being collected, and they theirs.
    link.previous = null
    link.next = null
  }

  /** What it holds now; it may change while somebody goes through it. */
  *[Symbol.iterator](): Iterator<Exchange> {
    const links: Exchange[] = []
    for (let link = this.#first; link; link = link.next) links.push(link)
    yield* links
  }
}
