/** The suite that every backend must pass. The same as `@lockstep/conformance`, which must be installed. */
export * from '@lockstep/conformance'
