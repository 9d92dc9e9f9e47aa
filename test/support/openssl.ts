import { expect } from 'vitest'
import { run } from './programs.ts'

/** Runs openssl, which must succeed. */
export async function openssl(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run('openssl', args)
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}
