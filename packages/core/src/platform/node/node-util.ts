/**
 * `node:util` without what Lockstep doesn't use. An `import` of it reads every export, and one of them then loads the whole of `node:worker_threads`:
 * 3 MB of every process.
 */
export const util = process.getBuiltinModule('node:util')
