import { bindAddresses } from './bind-address.ts'
import { text, wholeNumber } from './kinds.ts'
import { option } from './option-row.ts'

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
    summary: 'An address to listen on, in place of host and port. May be given several times.',
    description:
      '`HOST:PORT`, `[IPv6]:PORT`, `:PORT` for every IPv4 interface, `unix:PATH`, on Windows `pipe:NAME` (or `\\\\.\\pipe\\NAME`), or ' +
      '`fd://NUMBER` for a socket that was open when the process started. A port of 0 asks the system for a free one. ' +
      'Sockets of systemd (`LISTEN_FDS` with `LISTEN_PID`) are taken by themselves; `fd://NAME` names one of `LISTEN_FDNAMES`. ' +
      'One that neither `bind` nor `tls.redirect` names, beside others that are named, is a conflict. ' +
      'It replaces `host` and `port` of a weaker source; set beside them in the same or a stronger source, it is a conflict.',
    takesEffect: 'start',
    station: 'backend',
  }),
  host: option({
    kind: text('the name or the IP address of an interface', '<host>'),
    default: '127.0.0.1',
    flags: ['--host'],
    ambientVariables: ['HOST'],
    group: 'binding',
    summary: 'The interface to listen on.',
    description:
      '`0.0.0.0` is every IPv4 interface, `::` every interface. The default is reachable from this machine only.',
    takesEffect: 'start',
    station: 'backend',
  }),
  port: option({
    kind: wholeNumber({ min: 0, max: 65_535 }),
    default: 3000,
    flags: ['--port', '-p'],
    ambientVariables: ['PORT'],
    group: 'binding',
    summary: 'The port to listen on; 0 asks the system for a free one.',
    description:
      'When nobody set it and the default is taken, the next free port is used, and said. A port that was set is used or the launch is refused.',
    takesEffect: 'start',
    station: 'backend',
  }),
  backlog: option({
    kind: wholeNumber({ min: 1, max: 65_535 }),
    default: 511,
    flags: ['--backlog'],
    group: 'binding',
    summary: 'How many connections may wait in the kernel to be accepted.',
    description: 'Handed to listen(2). Linux caps it at `net.core.somaxconn`.',
    takesEffect: 'start',
    station: 'backend',
  }),
}
