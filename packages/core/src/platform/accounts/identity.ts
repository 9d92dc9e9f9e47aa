/** Another user than the one who starts the server, who is root. */
export interface PlannedIdentity {
  /** The id of the user. */
  readonly uid: number
  /** The id of its group. */
  readonly gid: number
  /** Its name, by which its other groups are found; `null` for a number that no user has. */
  readonly name: string | null
  /** Its home folder; `null`: none is known. */
  readonly home: string | null
}
