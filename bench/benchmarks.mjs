// Every benchmark, in the order of the report. Each is `{ name, about, needs, measure({ quick }) }`: `needs` are programs without which it is
// skipped, and `measure` resolves with
// - figures: `{ what, goal, found, met, how, isSteady }`, each a goal that was judged; `goal` and `met` are null where there is none, and
//   `isSteady` is false when the rounds did not agree;
// - tables: `{ title, columns, rows }`, cells as they are shown;
// - charts: `{ file, title, kind: 'bars' | 'lines', … }`, see report/charts.mjs;
// - skipped: `{ what, why }`, for what could not be measured here.
import { waysToTheWorkers } from './balance/ways-to-the-workers.mjs'
import { front } from './front/front.mjs'
import { byBodySize } from './growth/by-body-size.mjs'
import { byConnections } from './growth/by-connections.mjs'
import { byEndpoints } from './growth/by-endpoints.mjs'
import { byHosts } from './growth/by-hosts.mjs'
import { byWorkers } from './growth/by-workers.mjs'
import { memory } from './lifecycle/memory.mjs'
import { primaryCost } from './lifecycle/primary-cost.mjs'
import { recovery } from './lifecycle/recovery.mjs'
import { reloadUnderLoad } from './lifecycle/reload-under-load.mjs'
import { replacement } from './lifecycle/replacement.mjs'
import { rollingReloads } from './lifecycle/rolling-reloads.mjs'
import { startUp } from './lifecycle/start-up.mjs'
import { stopUnderLoad } from './lifecycle/stop-under-load.mjs'
import { accessLog } from './throughput/access-log.mjs'
import { analogues } from './throughput/analogues.mjs'
import { captured } from './throughput/captured.mjs'
import { cluster } from './throughput/cluster.mjs'
import { single } from './throughput/single.mjs'
import { handshakes } from './tls/handshakes.mjs'
import { idleConnections } from './tls/idle-connections.mjs'
import { reloads } from './tls/reloads.mjs'
import { resets } from './tls/resets.mjs'
import { resumption } from './tls/resumption.mjs'
import { resumptionOfPeers } from './tls/resumption-of-peers.mjs'
import { slowClients } from './tls/slow-clients.mjs'

export const benchmarks = [
  single,
  cluster,
  captured,
  analogues,
  accessLog,
  front,
  waysToTheWorkers,
  startUp,
  reloadUnderLoad,
  recovery,
  rollingReloads,
  stopUnderLoad,
  replacement,
  primaryCost,
  memory,
  handshakes,
  reloads,
  resumption,
  resumptionOfPeers,
  idleConnections,
  slowClients,
  resets,
  byWorkers,
  byConnections,
  byBodySize,
  byHosts,
  byEndpoints,
]
