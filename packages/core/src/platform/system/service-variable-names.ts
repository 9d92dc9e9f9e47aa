/** They are for one process, and not for those that it starts, nor for an app in it. */
export const socketVariableNames = ['LISTEN_PID', 'LISTEN_PIDFDID', 'LISTEN_FDS', 'LISTEN_FDNAMES'] as const
export const managerVariableNames = ['NOTIFY_SOCKET', 'WATCHDOG_PID', 'WATCHDOG_USEC'] as const
export const serviceVariableNames = [...socketVariableNames, ...managerVariableNames] as const
