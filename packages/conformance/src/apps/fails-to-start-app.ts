export async function start(): Promise<void> {
  await Promise.reject(new Error('the database is not there'))
}

export default function neverServed(): never {
  throw new Error('an app that has not started was asked')
}
