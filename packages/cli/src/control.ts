/** Finds running servers and carries out the verbs on them. The same as `@lockstep/core/control`. */
export * from '@lockstep/core/control'
