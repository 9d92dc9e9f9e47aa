/** What a backend is built of. The same as `@lockstep/core/backend`. */
export * from '@lockstep/core/backend'
