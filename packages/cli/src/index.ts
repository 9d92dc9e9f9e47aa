export * from '@lockstep/core'
export { main } from './main.ts'
