import { handOverConnections } from './hand-over-connections.ts'
import type { Intake, IntakeOptions } from './intake.ts'
import { shareSockets } from './share-sockets.ts'

/** The way that the plan says. */
export function createIntake(options: IntakeOptions): Intake {
  switch (options.plan.balance) {
    case 'round-robin':
      return handOverConnections(options)
    case 'shared':
      return shareSockets(options, { perAddress: 1 })
    case 'reuse-port':
      return shareSockets(options, { perAddress: options.plan.workers })
  }
}
