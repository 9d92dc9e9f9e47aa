/** Another user than the one who starts the server, who is root. */
export interface PlannedIdentity {
  readonly uid: number
  readonly gid: number
  /** Its name, by which its other groups are found; `null` for a number that no user has. */
  readonly name: string | null
  readonly home: string | null
}
