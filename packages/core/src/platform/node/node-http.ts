/**
 * `node:http` without its browser-like exports. An `import` of it reads every export, and `WebSocket` and its like then load the whole
 * of undici: 12 MB and 15 ms of every process, and Lockstep doesn't use it.
 */
export const http = process.getBuiltinModule('node:http')
