/** It has no default export. Two names, one of them behind `if`, would be two apps. */
export const handler = (_: unknown, response: { end(text: string): void }): void => response.end('named')
