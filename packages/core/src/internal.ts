/**
 * All that the other packages of this project use. It is not a part of the public API: anything in it may change in any version.
 * The public entries `index.ts`, `backend.ts` and `control.ts` are selections of it.
 */
export { showArguments } from './app/app-arguments.ts'
export { type AppMessages, offerMessages } from './app/app-messages.ts'
export { type AppSignals, keepAppSignals, listenToSignal, type StopSignal } from './app/app-signals.ts'
export type { BroughtServer, ListenerFailed } from './app/contract/brought-server.ts'
export {
  answerOf,
  type BackendKind,
  type ContractAnswer,
  type ContractRow,
  type ContractSection,
} from './app/contract/contract-row.ts'
export { appContractDocs } from './app/contract/docs/app-contract-docs.ts'
export { appContract, type ContractRowName, contractRows } from './app/contract/rows/app-contract.ts'
export type { Lifespan, LifespanContext } from './app/lifespan.ts'
export { type ListenOfApp, listenOfApp, planOfApp } from './app/listen/address-of-app.ts'
export type { AskedAddress, AskedListen, ListenFlag } from './app/listen/asked-listen.ts'
export { loadApp, stoppedInBoot } from './app/load-app.ts'
export { type ClientCertificate, clientCertificate } from './app/request/client-certificate.ts'
export { type ClientFacts, clientFacts } from './app/request/client-facts.ts'
export type { ServedApp } from './app/served-app.ts'
export type { ListeningWatch } from './app/watch-listening.ts'
export { ownAccountSupport } from './backends/account-support.ts'
export { listenSupport } from './backends/address-support.ts'
export { clusterBackend } from './backends/cluster/cluster-backend.ts'
export { limitsOfWorker } from './backends/cluster/policy/recycle-policy.ts'
export { askForListen } from './backends/cluster/primary/ask-for-listen.ts'
export { type BackendDefinition, defineBackend } from './backends/define-backend.ts'
export { DrainDelay } from './backends/drain-delay.ts'
export {
  type InProcessParts,
  inProcessServer,
  inProcessSupport,
  type ProcessesBehind,
} from './backends/in-process-server.ts'
export { leaveRoot } from './backends/leave-root.ts'
export { listenForRedirects } from './backends/listen-for-redirects.ts'
export type { PlacedWorker, WorkerEnd } from './backends/places/placed-worker.ts'
export { Places } from './backends/places/places.ts'
export type {
  BackendApiVersion,
  BackendFeature,
  BackendHost,
  FailingPlace,
  ReplacedWorkers,
  ReplacementCause,
  RunningServer,
  ServerBackend,
  StopUrgency,
  Supervisor,
  TotalBackend,
  WorkerEvent,
  WorkerOutput,
  WorkerOutputListener,
  WorkerStack,
  WorkerStatus,
} from './backends/server-backend.ts'
export { bindPlan } from './backends/single/bind-plan.ts'
export { ConnectionGate } from './backends/single/connection-gate.ts'
export { singleBackend } from './backends/single/single-backend.ts'
export type { VerbOptions } from './control/control-client.ts'
export { type ControlledServer, findServers, type ProgressListener } from './control/control-client.ts'
export type {
  Told,
  ToldFault,
  ToldProgress,
  ToldReload,
  ToldStatus,
  VerbResults,
} from './control/control-messages.ts'
export { type ServerSelection, selectServer } from './control/select-server.ts'
export { asLaunchError } from './errors/as-launch-error.ts'
export {
  type CatalogCode,
  type ErrorCode,
  errorCatalog,
  isCatalogCode,
  isErrorCode,
} from './errors/error-catalog.ts'
export { errorDocs, pageOfErrors } from './errors/error-docs.ts'
export { errorMeanings } from './errors/error-meanings.ts'
export { type ExitCodeName, exitCodes, type FaultKind } from './errors/exit-codes.ts'
export { whyFileFails } from './errors/file-error.ts'
export { exitOf, type Fault, type FaultError, LaunchError, throwFaults } from './errors/launch-error.ts'
export { codeOf, isErrorLike, messageOf, stackOf } from './errors/thrown.ts'
export { eventDocs } from './events/event-docs.ts'
export type { LaunchEvent, LaunchEventOf, LaunchEventType } from './events/launch-event.ts'
export { createFront } from './front/create-front.ts'
export { type ProgramPlace, programFront } from './front/program-front.ts'
export { defaultLimits as defaultFrontLimits, type FrontLimits } from './front/upstream/front-limits.ts'
export type { Upstream } from './front/upstream/upstream.ts'
export { UpstreamPool } from './front/upstream/upstream-pool.ts'
export type { BeforeStop, LaunchFacts, LaunchHooks, WorkerEventOf } from './hooks/launch-hooks.ts'
export { checkOneCore } from './launch/check-one-core.ts'
export { findBackend } from './launch/choose-backend.ts'
export { declaredRefusals } from './launch/declared-refusals.ts'
export type { KnownBackends } from './launch/known-backends.ts'
export { type LaunchContext, launch } from './launch/launch.ts'
export type { LaunchEventListener, LaunchHandle, LaunchStatus, ReopenedLogs } from './launch/launch-handle.ts'
export { type PreparedLaunch, prepareLaunch } from './launch/prepare-launch.ts'
export { startLaunch } from './launch/start-launch.ts'
export type { StopOptions } from './launch/stop-by-urgency.ts'
export { intents, type LifecycleState, lifecycle, lifecycleStates, reports } from './lifecycle/lifecycle.ts'
export { lifecycleDocs } from './lifecycle/lifecycle-docs.ts'
export type { SignalIntent } from './lifecycle/signal-intent.ts'
export { watchSignals } from './lifecycle/watch-signals.ts'
export type { LogFields } from './log/logger.ts'
export { createLogger, type Logger } from './log/logger.ts'
export { visibleFacts, visibleJson, visibleLines, visibleText } from './log/visible-text.ts'
export { defineConfig } from './options/define-config.ts'
export { configSchema } from './options/docs/config-schema.ts'
export { configType } from './options/docs/config-type.ts'
export { optionDocs } from './options/docs/option-docs.ts'
export { supportType } from './options/docs/support-type.ts'
export { variableDocs } from './options/docs/variable-docs.ts'
export { flagByRule, flagTable, ownFlags } from './options/flag-table.ts'
export { foreignDocs } from './options/foreign/foreign-docs.ts'
export { foreignLaunchers } from './options/foreign/foreign-launchers.ts'
export type { Completes } from './options/kinds/kind.ts'
export type { GivenPem } from './options/kinds/kinds.ts'
export type { GivenPassphrase } from './options/kinds/tls/passphrase-kind.ts'
export type { HostCertificate, HostCertificates } from './options/kinds/tls/sni-hosts.ts'
export { type BrandName, type BrandRefusal, type LauncherBrand, meaningOf } from './options/launcher-brand.ts'
export type { LockstepConfig } from './options/lockstep-config.ts'
export { type OptionGroup, type OptionRow, optionGroups } from './options/option-row.ts'
export {
  type OptionInput,
  type OptionName,
  type OptionValue,
  optionNames,
  optionRow,
} from './options/option-table.ts'
export type { ResolvedOptions } from './options/resolve-options.ts'
export type { ConfigTaken } from './options/sources/config-file/read-config-file.ts'
export type { Environment } from './options/sources/environment/read-environment.ts'
export { shareVariables } from './options/sources/environment/share-variables.ts'
export { ownVariables, variableName } from './options/sources/environment/variable-name.ts'
export type { GatheredOptions, OptionSources } from './options/sources/gather-options.ts'
export { inUsersWords } from './options/sources/in-users-words.ts'
export { optionsBesideConfig } from './options/sources/options-beside-config.ts'
export type { RawValue, ValueSource } from './options/sources/raw-options.ts'
export { type CommandFlag, type ReadArgv, readArgv } from './options/sources/read-argv.ts'
export { suggest, suggestion } from './options/sources/suggest.ts'
export type { BackendSupport } from './plan/backend-support.ts'
export { describeValue } from './plan/check-support.ts'
export type {
  AppInterface,
  LaunchPlan,
  PlannedAccessLog,
  PlannedAddress,
  PlannedApp,
  PlannedHealth,
  PlannedHttps,
  PlannedLog,
  PlannedProxies,
  PlannedRecycling,
  PlannedReplacement,
  PlannedUpstream,
  PlanOfOptions,
  SupportPlan,
} from './plan/launch-plan.ts'
export {
  honoured,
  launcherSupport,
  type OptionSupport,
  oneProcessSupport,
  ownAppSupport,
  refused,
  serveSupport,
} from './plan/option-support.ts'
export type { OptionAnswer, SupportAnswer, SupportContext } from './plan/support-answer.ts'
export type { PlannedIdentity } from './platform/accounts/identity.ts'
export {
  localAuthorityFolder,
  localAuthorityFolderIfAny,
} from './platform/accounts/local-authority-folder.ts'
export { ownersLookedAt } from './platform/accounts/owners-looked-at.ts'
export { handOverFiles } from './platform/files/handed-over/hand-over-files.ts'
export { statIfReachable } from './platform/files/stat-if-reachable.ts'
export type { ConnectionEnds } from './platform/net/accept-watch.ts'
export { type AcceptWatch, watchAccepts } from './platform/net/accept-watch.ts'
export type { BoundAddress } from './platform/net/address/bound-address.ts'
export type { BindAddress } from './platform/net/address/format-bind-address.ts'
export { formatBindAddress } from './platform/net/address/format-bind-address.ts'
export type { SocketAccess } from './platform/net/address/planned-address.ts'
export { tryAddresses } from './platform/net/address/try-addresses.ts'
export { closeAfterQueue } from './platform/net/close-after-queue.ts'
export type { ListenOptions } from './platform/net/listen.ts'
export { listenOnAll } from './platform/net/listen.ts'
export { closeListeners, type Listener } from './platform/net/listener.ts'
export { closeInspector } from './platform/node/closed-inspector.ts'
export { keepTicksQuick } from './platform/node/start/keep-ticks-quick.ts'
export { currentFolder } from './platform/process/current-folder.ts'
export { releaseStartMemory } from './platform/process/release-start-memory.ts'
export { runProgram } from './platform/process/run-program.ts'
export { runUnderInit } from './platform/process/run-under-init.ts'
export { askProgram, type ProgramAnswer } from './platform/program/ask-program.ts'
export { endOrphans } from './platform/program/end-orphans.ts'
export { markedEnvironment, newMark } from './platform/program/launcher-mark.ts'
export type { ListeningPlace } from './platform/program/listening-sockets.ts'
export { speaksOwnTls } from './platform/program/own-tls.ts'
export { findPrivatePlace, type HeldPlace, type PrivatePlace } from './platform/program/private-place.ts'
export { openProgramGuard, type ProgramGuard } from './platform/program/program-guard.ts'
export { membersOf } from './platform/program/program-members.ts'
export { type ListeningProof, proveListening } from './platform/program/prove-listening.ts'
export {
  type ProgramExit,
  type ProgramLine,
  type ProgramStart,
  type StartedProgram,
  startProgram,
} from './platform/program/start-program.ts'
export { killProgram, stopProgram } from './platform/program/stop-program.ts'
export { flushStream } from './platform/system/bounded-stream.ts'
export { findOnPath } from './platform/system/find-program.ts'
export { findTrustStores, type TrustStores } from './platform/system/find-trust-stores.ts'
export { standardStream } from './platform/system/line-writer.ts'
export { surviveClosedOutput } from './platform/system/survive-closed-output.ts'
export { surviveStalledOutput } from './platform/system/survive-stalled-output.ts'
export { isTerminal, textWidth } from './platform/system/terminal.ts'
export { isPlaceOfApp } from './preflight/find-app.ts'
export type { ReloadTiming } from './reload/keep-current.ts'
export type {
  ReloadCause,
  ReloadFailure,
  ReloadResult,
  ReloadScope,
  ReloadStatus,
} from './reload/reload-result.ts'
export { type AppServer, createAppServer } from './serve/app-server.ts'
export { claimOf } from './serve/client/claim-headers.ts'
export type { ServedCounts } from './serve/served-counts.ts'
export { limitReports, type RefusalReport } from './serve/tls/refusal-reports.ts'
export type { RefusedClient } from './serve/tls/refused-clients.ts'
export type { StagedTls } from './serve/tls/tls-front.ts'
export { StickyChoice } from './sticky/sticky-choice.ts'
export { expiryWarning } from './tls/expiring-certificates.ts'
export type {
  EndingFacts,
  LeafFacts,
  PlannedChain,
  PlannedHost,
  PlannedTls,
  TlsVersion,
} from './tls/planned-tls.ts'
export { untrustedLocalAuthority } from './trust/untrusted-local-authority.ts'
export type {
  EndpointVerification,
  ObservedTls,
  Verification,
  VerificationCheck,
} from './verify/verification.ts'
