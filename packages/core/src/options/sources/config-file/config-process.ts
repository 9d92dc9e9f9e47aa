import { writeSync } from 'node:fs'
import { isAccessDenied } from '../../../errors/file-error.ts'
import { messageOf } from '../../../errors/thrown.ts'
import { dropPrivileges } from '../../../platform/accounts/drop-privileges.ts'
import { encodeConfig } from './config-values.ts'
import { loadConfigFile } from './load-config-file.ts'
import type { ConfigAnswer, ConfigRequest } from './load-in-process.ts'

/**
 * What runs in the process that loads a configuration file with code at a reload. It becomes the user that serves before any of that code
 * runs, answers on a pipe of its own, and is then ended by the launcher.
 */
const { file, served } = JSON.parse(process.argv[2] ?? '') as ConfigRequest

if (served) dropPrivileges(served)
const answer = await loadConfigFile(file).then(
  (config): ConfigAnswer => ({ config: encodeConfig(config) }),
  (error: unknown): ConfigAnswer => ({
    failure: messageOf(error),
    isClosed: isAccessDenied(error),
  }),
)
writeSync(3, `${JSON.stringify(answer)}\n`)
