import envPaths from 'env-paths'

/** Where this user's data of Lockstep is kept: the XDG data folder, `~/Library/Application Support`, or `%LOCALAPPDATA%`. */
export function userDataFolder(): string {
  return envPaths('lockstep', { suffix: '' }).data
}
