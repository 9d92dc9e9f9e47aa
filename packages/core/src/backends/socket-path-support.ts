import { honoured, type OptionAnswer, refused } from '../plan/option-support.ts'

/** Node reads a path as the name of a named pipe on Windows, which is another thing than a socket in the file system. */
export const noWindowsSocketPath: OptionAnswer<'bind'> & OptionAnswer<'tls.redirect'> = (
  value,
  { platform },
) =>
  platform === 'win32' && value?.some((address) => address.kind === 'unix')
    ? refused('Node has no UNIX domain sockets on Windows', 'Bind HOST:PORT instead.')
    : honoured('bound before the server is announced')
