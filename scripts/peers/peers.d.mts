export type PeerName =
  | 'python'
  | 'gunicorn'
  | 'uvicorn'
  | 'hypercorn'
  | 'granian'
  | 'fastapi'
  | 'django-admin'
  | 'flask'
  | 'gunicorn-26'
  | 'python-old'
  | 'gunicorn-old'
  | 'uvicorn-old'
  | 'node-red'
  | 'nginx'
  | 'haproxy'
  | 'caddy'

/** The path of a peer's program. Throws with the reason and the cure if it isn't set up, or from other pins. */
export declare function peer(name: PeerName): string

/** Why a peer can't be used, with the cure, or null. */
export declare function peerProblem(name: PeerName): string | null

/** The version of a peer, such as `27.0.1`. */
export declare function peerVersion(name: PeerName): string
