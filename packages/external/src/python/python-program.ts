/** What is known of an installed server and of the app, before anything is started. */
export interface PythonProgram {
  readonly server: 'gunicorn' | 'uvicorn'
  /** The absolute path of its Python. */
  readonly python: string
  readonly pythonVersion: string
  /** The version of the server. */
  readonly version: string
  /** Those of packages that it can use, by their names. */
  readonly versions: Readonly<Record<string, string>>
  readonly app: {
    /** As the server is given it: `module:name`. */
    readonly target: string
    /** Where its module is looked for first. */
    readonly directory: string
    readonly interface: 'asgi' | 'wsgi'
    /** The target calls a function that returns the app, such as `main:create_app()`. */
    readonly isFactory: boolean
  }
  /** The server's own settings that are set elsewhere: in its configuration file or in its environment variables. */
  readonly settings: readonly string[]
  /** The class of workers that is set there, of Gunicorn. */
  readonly workerClass: string | null
}
