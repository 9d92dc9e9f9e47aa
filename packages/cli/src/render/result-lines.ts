import { paragraph } from './columns.ts'
import { style } from './style.ts'

// The one form in which commands say what came of them: a mark, and a sentence that wraps.

/** It was done, or is as it should be. */
export const doneLine = (text: string): string => paragraph(`${style('green', '✓')} ${text}`)

/** Nothing is wrong, and nothing was done. */
export const noteLine = (text: string): string => paragraph(`${style('yellow', '·')} ${text}`)

/** It was done, and something should be looked at. */
export const warningLine = (text: string): string => paragraph(`${style('yellow', '!')} ${text}`)

/** Something that was examined is wrong. */
export const wrongLine = (text: string): string => paragraph(`${style('red', '✗')} ${text}`)
