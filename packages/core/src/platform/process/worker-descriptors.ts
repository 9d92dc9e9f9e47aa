// In a file of their own, since a worker and its guard must not load what starts workers.

/** Where a worker finds the pipe for its guard: behind the standard streams and Node's channel. */
export const guardDescriptor = 4

/** Where a worker finds the launcher's own pipe, behind that of its guard. */
export const controlDescriptor = 5
