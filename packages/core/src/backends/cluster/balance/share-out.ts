/** A socket that workers accept from. */
export interface SharedSocket {
  readonly id: number
  /** The place whose worker it is meant for; `null`: for all. */
  readonly place: number | null
}

/** As much of a worker as the shares depend on. */
export interface Taker {
  /** The number of its place. */
  readonly id: number
  /** Its event loop has not turned for a while. */
  readonly isSilent: boolean
}

/**
 * Which workers accept from which sockets. The socket of a place whose worker is missing, or does not come to accept, is looked
 * after by another one: its connections would else wait as long as that takes.
 */
export function shareOut<Worker extends Taker>(
  sockets: readonly SharedSocket[],
  {
    workers,
    places,
  }: {
    workers: readonly Worker[]
    /** How many places have sockets. Workers in further ones share with those in the first. */
    places: number
  },
): ReadonlyMap<Worker, ReadonlySet<number>> {
  const shares = new Map(workers.map((worker) => [worker, new Set<number>()]))
  for (const { id, place } of sockets)
    for (const worker of takersOf(place, { workers, places })) shares.get(worker)?.add(id)
  return shares
}

/** A place has two workers for a moment while one takes over from the other. */
function takersOf<Worker extends Taker>(
  place: number | null,
  { workers, places }: { workers: readonly Worker[]; places: number },
): readonly Worker[] {
  if (place === null) return workers
  const own = workers.filter(({ id }) => ((id - 1) % places) + 1 === place)
  if (own.some(({ isSilent }) => !isSilent)) return own
  const others = workers.filter((worker) => !worker.isSilent)
  const other = others[place % others.length]
  return other ? [...own, other] : own
}
