/** A socket that workers accept from. */
export interface SharedSocket {
  readonly id: number
  /** The place whose worker it is meant for; `null`: for all. */
  readonly place: number | null
}

/**
 * Which workers accept from which sockets, by the numbers of their places. The socket of a place without a worker is looked after
 * by another one: its connections would else wait until the place is filled again.
 */
export function shareOut<Worker extends { readonly id: number }>(
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
function takersOf<Worker extends { readonly id: number }>(
  place: number | null,
  { workers, places }: { workers: readonly Worker[]; places: number },
): readonly Worker[] {
  if (place === null) return workers
  const own = workers.filter(({ id }) => ((id - 1) % places) + 1 === place)
  const other = workers[place % workers.length]
  return own.length > 0 || !other ? own : [other]
}
