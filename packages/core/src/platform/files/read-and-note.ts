import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs'

/** What was read from each pipe, by its identity: it can be read once only. */
const pipes = new Map<string, Buffer>()
/** More than any text that a user types or hands over. */
const mostBytesOfDevice = 1_024 * 1_024

/** How long it is waited for a program that opens a named pipe to write. */
const writerMs = 5_000
const lookMs = 10

/** What each file was when it was read last, by its path. */
const states = new Map<string, Stats>()

/**
 * Reads a file, and notes its owner and mode by the same descriptor, because the path may lead to another file when they are judged. What
 * comes from a pipe, such as `<(decrypt key)` of a shell, is kept: a reload asks for it again, and the pipe has nothing more to give.
 */
export function readAndNote(path: string): Buffer {
  states.delete(path)
  const state = statSync(path)
  if (state.isFIFO() || state.isSocket()) return readPipe(path, state)
  // Should a pipe take its place meanwhile, the process must not wait for its writer. Windows does not know the flag.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    states.set(path, fstatSync(file))
    return state.isFile() ? readFileSync(file) : readBounded(file)
  } finally {
    closeSync(file)
  }
}

/** A device such as /dev/zero has no end. */
function readBounded(file: number): Buffer {
  const bytes = Buffer.alloc(mostBytesOfDevice)
  let length = 0
  for (;;) {
    const count = readSync(file, bytes, length, bytes.length - length, null)
    if (count === 0) return bytes.subarray(0, length)
    length += count
    if (length === bytes.length) throw new Error('it is a device without an end')
  }
}

/** What a file was when it was read, once; `undefined` where it was not read since this was asked last. */
export function takeNote(path: string): Stats | undefined {
  const state = states.get(path)
  states.delete(path)
  return state
}

/** Whether a path leads to a pipe, of which a change can't be seen. */
export function isPipe(path: string): boolean {
  try {
    return statSync(path).isFIFO()
  } catch {
    return false // A missing file is reported where it is read.
  }
}

function readPipe(path: string, { dev, ino }: Stats): Buffer {
  const identity = `${path} ${dev} ${ino}`
  const bytes = pipes.get(identity) ?? (isOpenElsewhere(path) ? readFileSync(path) : readNamedPipe(path))
  if (bytes.length > 0) pipes.set(identity, bytes)
  return bytes
}

/** A pipe that this process was started with, as by `<(decrypt key)`: without a writer it has ended. */
function isOpenElsewhere(path: string): boolean {
  return /^\/(?:dev|proc)\//.test(path)
}

/**
 * Without a writer, open(2) of a named pipe waits, and with it the whole process, signals included. With O_NONBLOCK it is open at once, and
 * reading returns nothing until a writer comes (fifo(7)). A writer may take its time: a user may have to type a passphrase.
 */
function readNamedPipe(path: string): Buffer {
  const pipe = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const end = performance.now() + writerMs
    const pieces: Buffer[] = []
    for (let hasWriter = false; ; ) {
      const piece = readNow(pipe)
      if (piece === 'later') hasWriter = true
      else if (piece.length > 0) pieces.push(piece)
      else if (hasWriter || pieces.length > 0) return Buffer.concat(pieces)
      else if (performance.now() > end)
        throw new Error(`it is a pipe that no program has written to within ${writerMs / 1_000} seconds`)
      if (piece === 'later' || piece.length === 0) Atomics.wait(sleeping, 0, 0, lookMs)
    }
  } finally {
    closeSync(pipe)
  }
}

/** `later`: a writer has the pipe open and has written nothing since. Empty: there is no writer. */
function readNow(pipe: number): Buffer | 'later' {
  const bytes = Buffer.alloc(65_536)
  try {
    return bytes.subarray(0, readSync(pipe, bytes))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 'later'
    throw error
  }
}

const sleeping = new Int32Array(new SharedArrayBuffer(4))
