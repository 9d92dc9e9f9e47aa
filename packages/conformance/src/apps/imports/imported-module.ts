import type { ImportNotes } from './shows-imports-app.ts'

// As instrumentation does: it marks what the app finds later.
const notes = globalThis as ImportNotes
notes.importedBefore = [...(notes.importedBefore ?? []), 'imported-module']
