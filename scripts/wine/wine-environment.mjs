// What Wine itself reads from the environment. Its server listens in XDG_RUNTIME_DIR, which is inside of the Debian.

export const prefix = '/var/lib/wine-prefix'

export const wineEnvironment = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  // Wine uses it for the encoding of file names.
  LANG: 'C.UTF-8',
  XDG_RUNTIME_DIR: '/run/wine',
  WINEPREFIX: prefix,
  WINEDEBUG: '-all',
  // Wine does not offer to download .NET and a browser, and creates no menu entries.
  WINEDLLOVERRIDES: 'mscoree,mshtml=;winemenubuilder.exe=d',
}

/**
 * The environment of Wine and of the Windows program in it. Wine keeps the PATH of Linux for itself and puts WINEPATH before that of
 * Windows; SystemRoot, TEMP, LOCALAPPDATA and their like come from its registry.
 */
export function environmentFor({ PATH: windowsPath, ...others }) {
  return { ...others, ...wineEnvironment, ...(windowsPath !== undefined && { WINEPATH: windowsPath }) }
}
