export { showArguments } from './app/app-arguments.ts'
export { type AppSignals, keepAppSignals, type StopSignal } from './app/app-signals.ts'
export { type ClientCertificate, clientCertificate } from './app/client-certificate.ts'
export type { Lifespan, LifespanContext } from './app/lifespan.ts'
export { loadApp } from './app/load-app.ts'
export type { ServedApp } from './app/served-app.ts'
export { socketFileSupport } from './backends/account-support.ts'
export { addressSupport } from './backends/address-support.ts'
export { clusterBackend } from './backends/cluster/cluster-backend.ts'
export { DrainDelay } from './backends/drain-delay.ts'
export { listenForRedirects } from './backends/listen-for-redirects.ts'
export type {
  BackendHost,
  FailingPlace,
  ReplacementCause,
  RollResult,
  RunningServer,
  ServerBackend,
  StopUrgency,
  Supervisor,
  WorkerEvent,
  WorkerOutput,
  WorkerOutputListener,
  WorkerStack,
  WorkerStatus,
} from './backends/server-backend.ts'
export { singleBackend } from './backends/single/single-backend.ts'
export { type ControlledServer, findServers, type ProgressListener } from './control/control-client.ts'
export type { Told, ToldProgress, ToldReload, ToldStatus, VerbResults } from './control/control-messages.ts'
export { type ServerSelection, selectServer } from './control/select-server.ts'
export { declaredRefusals } from './declared-refusals.ts'
export { asLaunchError } from './errors/as-launch-error.ts'
export { type ErrorCode, errorCatalog } from './errors/error-catalog.ts'
export { errorDocs } from './errors/error-docs.ts'
export { type ExitCodeName, exitCodes } from './errors/exit-codes.ts'
export { whyFileFails } from './errors/file-error.ts'
export { type Fault, LaunchError, throwFaults } from './errors/launch-error.ts'
export { codeOf, isErrorLike, messageOf, stackOf } from './errors/thrown.ts'
export { eventDocs } from './events/event-docs.ts'
export type { LaunchEvent, LaunchEventOf, LaunchEventType } from './events/launch-event.ts'
export type { LaunchFacts, LaunchHooks } from './hooks/launch-hooks.ts'
export { type LaunchContext, launch } from './launch.ts'
export type { LaunchHandle, LaunchStatus, ReopenedLogs } from './launch-handle.ts'
export { intents, type LifecycleState, lifecycle, lifecycleStates, reports } from './lifecycle/lifecycle.ts'
export { lifecycleDocs } from './lifecycle/lifecycle-docs.ts'
export type { SignalIntent } from './lifecycle/signal-intent.ts'
export { watchSignals } from './lifecycle/watch-signals.ts'
export { configSchema } from './options/config-schema.ts'
export { flagTable } from './options/flag-table.ts'
export { formatBindAddress } from './options/format-bind-address.ts'
export type { GatheredOptions, OptionSources } from './options/gather-options.ts'
export { optionDocs } from './options/option-docs.ts'
export { type OptionRow, optionGroups } from './options/option-row.ts'
export {
  type OptionInput,
  type OptionName,
  type OptionValue,
  optionNames,
  optionRow,
} from './options/option-table.ts'
export type { RawOptions, RawValue, ValueSource } from './options/raw-options.ts'
export { type CommandFlag, type ReadArgv, readArgv } from './options/read-argv.ts'
export type { ResolvedOptions } from './options/resolve-options.ts'
export { shareVariables } from './options/share-variables.ts'
export { suggestion } from './options/suggest.ts'
export { variableName } from './options/variable-name.ts'
export type { BoundAddress } from './plan/bound-address.ts'
export { describeValue } from './plan/check-support.ts'
export type { LaunchPlan, PlannedAddress, PlannedApp } from './plan/launch-plan.ts'
export {
  honoured,
  launcherSupport,
  type OptionSupport,
  oneProcessSupport,
  refused,
  type SupportAnswer,
  serveSupport,
} from './plan/option-support.ts'
export { type AcceptWatch, watchAccepts } from './platform/accept-watch.ts'
export { flushStream } from './platform/bounded-stream.ts'
export { closeAfterQueue } from './platform/close-after-queue.ts'
export { closeInspector } from './platform/closed-inspector.ts'
export { currentFolder } from './platform/current-folder.ts'
export { findOnPath } from './platform/find-program.ts'
export { findTrustStores, type TrustStores } from './platform/find-trust-stores.ts'
export { freePort } from './platform/free-port.ts'
export { isTerminal } from './platform/is-terminal.ts'
export { listenOnAll } from './platform/listen.ts'
export { closeListeners, type Listener } from './platform/listener.ts'
export { localAuthorityFolder, localAuthorityFolderIfAny } from './platform/local-authority-folder.ts'
export { createLogger, type Logger } from './platform/logger.ts'
export { ownersLookedAt } from './platform/owners-looked-at.ts'
export { releaseStartMemory } from './platform/release-start-memory.ts'
export { runProgram } from './platform/run-program.ts'
export { runUnderInit } from './platform/run-under-init.ts'
export { spawnProgram } from './platform/spawn-program.ts'
export { surviveClosedOutput } from './platform/survive-closed-output.ts'
export { surviveStalledOutput } from './platform/survive-stalled-output.ts'
export { tryAddresses } from './platform/try-addresses.ts'
export { visibleFacts, visibleJson, visibleLines, visibleText } from './platform/visible-text.ts'
export { findBackend } from './preflight/choose-backend.ts'
export { type PreparedLaunch, prepareLaunch } from './prepare-launch.ts'
export type { ReloadTiming } from './reload/keep-current.ts'
export type {
  ReloadCause,
  ReloadFailure,
  ReloadResult,
  ReloadScope,
  ReloadStatus,
} from './reload/reload-result.ts'
export { type AppServer, createAppServer } from './serve/app-server.ts'
export type { ServedCounts } from './serve/served-counts.ts'
export type { StagedTls } from './serve/tls-front.ts'
export { startLaunch } from './start-launch.ts'
export { expiryWarning } from './tls/expiring-certificates.ts'
export type { EndingFacts, LeafFacts, PlannedChain, PlannedHost, PlannedTls } from './tls/planned-tls.ts'
export { untrustedLocalAuthority } from './trust/untrusted-local-authority.ts'
export type {
  EndpointVerification,
  ObservedTls,
  Verification,
  VerificationCheck,
} from './verify/verification.ts'
