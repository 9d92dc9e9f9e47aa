import { formatBindAddress, type ListeningPlace, type PrivatePlace } from '@lockstep/core/internal'

/** A place as people write it. */
export function showPlace(place: PrivatePlace | ListeningPlace): string {
  return place.kind === 'tcp' ? formatBindAddress(place) : place.path
}

/** For `net.connect()` and for the front. */
export function targetOf(place: PrivatePlace): { host: string; port: number } | { path: string } {
  return place.kind === 'tcp' ? { host: place.host, port: place.port } : { path: place.path }
}
