/**
 * Where this package is, with a slash at its end. The sources are bundled into files that all stand in `dist`, so only a source
 * that stands in `src` itself sees the same folder above it before and after.
 */
export const packageFolder = new URL('..', import.meta.url)
