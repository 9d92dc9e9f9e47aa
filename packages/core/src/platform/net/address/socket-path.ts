/**
 * How many bytes the path of a UNIX domain socket may have: `sun_path` less its final NUL. Linux: unix(7), 108; macOS and the
 * BSDs: 104. Older Node truncates longer ones silently.
 */
export const longestSocketPath = process.platform === 'linux' ? 107 : 103
