import type { KnownBackends } from '@lockstep/core/internal'

/** The backends of this package by their names. Each is loaded when it is chosen. */
export const externalBackends: KnownBackends = {
  command: async () => (await import('./command/command-backend.ts')).commandBackend,
  gunicorn: async () => (await import('./gunicorn/gunicorn-backend.ts')).gunicornBackend,
  uvicorn: async () => (await import('./uvicorn/uvicorn-backend.ts')).uvicornBackend,
}
