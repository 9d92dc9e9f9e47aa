import { bindAddresses, bindHost } from '../kinds/bind-address.ts'
import { wholeNumber } from '../kinds/kinds.ts'
import { option } from '../option-row.ts'

export const bindingRows = {
  bind: option({
    kind: bindAddresses,
    default: null,
    flags: ['--bind', '-b'],
    group: 'binding',
    aliases: [
      { flag: '--uds', of: 'uvicorn', translate: (path) => `unix:${path}` },
      { flag: '--fd', of: 'uvicorn', translate: (descriptor) => `fd://${descriptor}` },
    ],
    summary: 'Listen on this address instead of host and port. May be given several times.',
    description:
      '`HOST:PORT`, `[IPv6]:PORT`, `:PORT` for every IPv4 interface, `unix:PATH`, on Windows `pipe:NAME` (or `\\\\.\\pipe\\NAME`), or `fd://NUMBER` for a socket that was open when the process started. Port 0 asks the system for a free port. Sockets from systemd (`LISTEN_FDS` with `LISTEN_PID`) are used without any option; `fd://NAME` selects one by its name in `LISTEN_FDNAMES`. If you name some of these sockets, name all of them. `bind` replaces `host` and `port` of a weaker source. In one source, or with `host` or `port` from a stronger one, the two are a conflict.',
    takesEffect: 'start',
    station: 'backend',
  }),
  host: option({
    kind: bindHost,
    default: '127.0.0.1',
    flags: ['--host'],
    ambientVariables: ['HOST'],
    group: 'binding',
    summary: 'Listen on this interface.',
    description:
      '`0.0.0.0` is every IPv4 interface, `::` is every interface. The default can be reached from this machine only.',
    takesEffect: 'start',
    station: 'backend',
  }),
  port: option({
    kind: wholeNumber({ min: 0, max: 65_535 }),
    default: 3000,
    flags: ['--port', '-p'],
    ambientVariables: ['PORT'],
    group: 'binding',
    summary: 'Listen on this port; 0 asks the system for a free one.',
    description:
      'When the port is not set and the default is taken, Lockstep uses the next free port and says so. A port that you set is used, or the launch is refused.',
    takesEffect: 'start',
    station: 'backend',
  }),
  backlog: option({
    kind: wholeNumber({ min: 1, max: 65_535 }),
    default: 511,
    flags: ['--backlog'],
    group: 'binding',
    summary: 'Number of connections that may wait in the kernel to be accepted.',
    description: 'Passed to listen(2). Linux caps it at `net.core.somaxconn`.',
    takesEffect: 'start',
    station: 'backend',
  }),
}
