import type { MatrixCell } from '@lockstep/conformance'

export function maskMachine(text: string): string
export function maskCell(cell: MatrixCell): MatrixCell
