/**
 * Whether a host of SNI keeps those chains of the default host that it has no chain of its own for, so that some clients are
 * shown the wrong certificate: Node before 24 (measured with 22.23; https://github.com/nodejs/node/issues/54235).
 */
export const hostsKeepDefaultChains = Number(process.versions.node.split('.', 1)[0]) < 24
