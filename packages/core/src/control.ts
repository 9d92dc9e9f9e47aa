export type {
  ControlledServer,
  ErrorCode,
  Fault,
  FaultError,
  ProgressListener,
  ReloadScope,
  ServerSelection,
  Told,
  ToldProgress,
  ToldReload,
  ToldStatus,
  VerbResults,
} from './internal.ts'
export { findServers, LaunchError, selectServer } from './internal.ts'
