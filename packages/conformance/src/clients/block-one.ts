import { openRaw } from './http/raw-connection.ts'

/** Makes one process block its event loop for this long. Resolves when it has begun to block: it has sent the head of its answer by then. */
export async function blockOne(
  server: { readonly host: string; readonly port: number },
  { ms }: { ms: number },
): Promise<void> {
  const connection = await openRaw(server)
  connection.send(`GET /block?ms=${ms} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  await connection.until('HTTP/1.1 200', 5_000)
}
