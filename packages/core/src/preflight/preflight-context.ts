import type { LauncherBrand } from '../options/launcher-brand.ts'
import type { OptionName } from '../options/option-table.ts'
import type { Environment } from '../options/sources/environment/read-environment.ts'
import type { InheritedSocket } from '../options/sources/environment/service-variables.ts'
import type { PlannedTls } from '../tls/planned-tls.ts'
import type { DecidingPath } from '../trust/untrusted-fault.ts'
import type { ChooseBackend } from './backend-choice.ts'

/** What a preflight knows besides the options. */
export interface PreflightContext {
  readonly chooseBackend: ChooseBackend
  /** What the option `backend` can name beside the path of a module. */
  readonly knownBackends: readonly string[]
  /** Options that had no valid value. */
  readonly broken: ReadonlySet<OptionName>
  /** The files that set options. */
  readonly deciding: readonly DecidingPath[]
  /** Of the environment file. */
  readonly variables: Environment
  /** Names of variables that may hold a secret of the launch. */
  readonly secretVariables: readonly string[]
  /** How a product names the options. */
  readonly brand?: LauncherBrand | undefined
  readonly now: Date
  /** What a service manager hands over. */
  readonly sockets: readonly InheritedSocket[]
  readonly tryToBind: boolean
  /** The server runs already, perhaps as another user: what that user may write or become does not matter any more. */
  readonly isRunning: boolean
  /** What it serves then. */
  readonly served: PlannedTls | null
}
