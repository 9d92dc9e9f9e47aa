/**
 * Where this package is, with a slash at its end. The sources are bundled into files that are all in `dist`, so only a source that is directly in
 * `src` has the same folder above it before and after.
 */
export const packageFolder = new URL('..', import.meta.url)
