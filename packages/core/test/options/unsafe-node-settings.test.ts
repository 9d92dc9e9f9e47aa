import { afterEach, describe, expect, it } from 'vitest'
import { nodeSettingFaults } from '../../src/options/sources/environment/node-settings.ts'

const given = process.execArgv
afterEach(() => {
  process.execArgv = given
})

// Node takes only names of fixes that it can undo, and most releases have none.
describe('a security fix that Node is to undo', () => {
  it.each(['--security-revert=CVE-2023-46809', '--security_revert=CVE-2023-46809'])(
    'is refused: %s',
    (flag) => {
      process.execArgv = [...given, flag]
      expect(nodeSettingFaults({ variables: {} })).toMatchObject([
        { code: 'LOCKSTEP_ERR_NODE_SETTING', source: 'the arguments of Node' },
      ])
    },
  )

  it('is not found in a flag of another name', () => {
    process.execArgv = [...given, '--security-revert-not', '--no-insecure-http-parser']
    expect(nodeSettingFaults({ variables: {} })).toEqual([])
  })
})
