import type { StickyOwner } from '../../../sticky/sticky-choice.ts'

/** A worker that takes requests which others have accepted. */
export interface Sibling extends StickyOwner {
  /** A UNIX socket in a folder that only their user can enter, or a named pipe. */
  readonly path: string
}

/** What a worker is started with. */
export interface SiblingSeat extends Sibling {
  /** Proves to a sibling that a connection comes from one. */
  readonly secret: string
}
