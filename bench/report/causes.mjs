/** Why a goal is not met, by benchmark and figure; shown beside it. */
export const causes = {
  'memory: lockstep cluster: the whole, to PM2':
    'each worker has a thread that watches over it where its event loop can not, for a lost parent and for what blocks; a thread of Node takes 9 MB',
  'reload under load: time to completion, to the fastest peer that loses nothing':
    'workers are replaced one after the other (`--max-surge 1`), so that never more than one is added; Gunicorn starts all new ones at once',
}
