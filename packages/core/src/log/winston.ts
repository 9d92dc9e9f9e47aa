/** What the log needs of winston. The build makes one file of it, which takes half the processor time of winston's eighty. */
export { createLogger, format, transports } from 'winston'
