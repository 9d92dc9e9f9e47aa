import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { findOnPath } from '@lockstep/core/internal'

/** Folders of virtual environments beside an app. https://docs.python.org/3/library/venv.html names them so. */
const environmentFolders = ['.venv', 'venv']

/**
 * The Pythons that may have a server, best first: the one of the program that a shell would start, that of a virtual environment beside the app, and
 * those in PATH. Absolute paths; not each of them has the server.
 */
export async function findPythons(server: 'gunicorn' | 'uvicorn', directory: string): Promise<string[]> {
  const program = findOnPath(server)
  const candidates = [
    program === null ? null : await interpreterOf(program),
    ...environmentFolders.map((folder) => pythonIn(join(directory, folder))),
    findOnPath('python3'),
    findOnPath('python'),
  ]
  return [...new Set(candidates.filter((path) => path !== null && existsSync(path)))] as string[]
}

function pythonIn(environment: string): string {
  return process.platform === 'win32'
    ? join(environment, 'Scripts', 'python.exe')
    : join(environment, 'bin', 'python')
}

/** What pip installs as a program is a script whose first line names its Python; on Windows, a program in or below the folder of its Python. */
async function interpreterOf(program: string): Promise<string | null> {
  if (process.platform === 'win32') {
    const folder = dirname(program)
    const near = [join(folder, 'python.exe'), join(dirname(folder), 'python.exe')]
    return near.find((path) => existsSync(path)) ?? null
  }
  const head = await headOf(program)
  // pip writes the second form where the first line would be too long for the kernel, or has a space.
  const [, direct, byShell] = /^#!\s*(\S+)(?:\n'''exec' "?([^"\n]+?)"? "\$0")?/.exec(head) ?? []
  const path = byShell ?? direct
  return path !== undefined && isAbsolute(path) && /python[\d.]*$/.test(path) ? path : null
}

const headBytes = 1_024

async function headOf(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(headBytes), length: headBytes })
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}
