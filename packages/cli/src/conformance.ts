/** The suite that every backend must pass. The same as `@lockstep/conformance`. */
export * from '@lockstep/conformance'
