import { openRaw } from './http/raw-connection.ts'

/** Has one process block its event loop for so long. Resolves when it does so: the head of its answer is out by then. */
export async function blockOne(
  server: { readonly host: string; readonly port: number },
  { ms }: { ms: number },
): Promise<void> {
  const connection = await openRaw(server)
  connection.send(`GET /block?ms=${ms} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  await connection.until('HTTP/1.1 200', 5_000)
}
