import { util } from './node-util.ts'

/** Whether it is a `Uint8Array`, such as a `Buffer`, of whichever realm: a test runner may have its own `Uint8Array`. */
export const isBytes: (value: unknown) => value is Uint8Array = util.types.isUint8Array
