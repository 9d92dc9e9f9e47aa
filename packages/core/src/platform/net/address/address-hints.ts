import { isIPv6 } from 'node:net'
import type { PlannedAddress } from './planned-address.ts'

/** What people of a platform do about an address that can't be had, in their words and with their programs. */

type Named = Exclude<PlannedAddress, { kind: 'fd' }>

/** How to see what listens on it. */
export function whoListens(address: Named, platform: NodeJS.Platform): string {
  if (address.kind === 'pipe')
    return '`[System.IO.Directory]::GetFiles("\\\\.\\pipe\\")` in PowerShell lists the pipes.'
  if (address.kind === 'unix')
    return platform === 'linux'
      ? `\`ss -lxp src ${address.path}\` shows which program listens.`
      : `\`lsof -U ${address.path}\` shows which program listens.`
  if (platform === 'win32') return `\`netstat -ano | findstr :${address.port}\` shows which program listens.`
  if (platform === 'linux') return `\`ss -ltnp 'sport = :${address.port}'\` shows which program listens.`
  return `\`lsof -nP -iTCP:${address.port} -sTCP:LISTEN\` shows which program listens.`
}

/** Which addresses there are. */
export function anotherInterface(platform: NodeJS.Platform): string {
  const lists = platform === 'win32' ? 'ipconfig' : platform === 'linux' ? 'ip address' : 'ifconfig'
  return `Use the address of an interface of this machine (\`${lists}\` lists them), or 0.0.0.0 for every IPv4 interface.`
}

/**
 * What to do about a denied one. Windows reserves no low ports for administrators, but denies what lies in a range that Hyper-V, WSL or
 * an administrator has excluded (https://github.com/microsoft/WSL/issues/5514).
 */
export function howToBeAllowed(address: Named, platform: NodeJS.Platform): string {
  if (address.kind === 'unix') return 'Choose a folder that this user may write to.'
  if (address.kind === 'pipe') return 'Choose another name: a program with more rights may own this one.'
  if (platform === 'win32')
    return `Windows keeps ranges of ports from programs, as for Hyper-V and WSL: \`netsh int ${isIPv6(address.host) ? 'ipv6' : 'ipv4'} show excludedportrange protocol=tcp\` lists them. Choose a port outside of them (--port, or in --bind).`
  return 'Ports below 1024 are reserved: choose a higher one, or give the right with CAP_NET_BIND_SERVICE (in systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE).'
}
