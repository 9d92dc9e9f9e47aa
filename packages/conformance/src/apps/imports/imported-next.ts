import type { ImportNotes } from './shows-imports-app.ts'

const notes = globalThis as ImportNotes
notes.importedBefore = [...(notes.importedBefore ?? []), 'imported-next']
