import type { IncomingMessage, ServerResponse } from 'node:http'

/** What the modules leave that are loaded before the app. */
export interface ImportNotes {
  importedBefore?: readonly string[]
}

const seenAtLoad = (globalThis as ImportNotes).importedBefore ?? []

/** Answers with the names of the modules that were loaded before it. */
export default function showsImportsApp(_request: IncomingMessage, response: ServerResponse): void {
  response.end(JSON.stringify(seenAtLoad))
}
