/**
 * A text for people without the key material in it: blocks of PEM that are private, also when their end is cut off, and long runs of
 * base64. A message may quote what a user wrote in the wrong place, and messages end in logs.
 */
export function hideKeyText(text: string): string {
  return text.replaceAll(privateBlock, hidden).replaceAll(longRun, (run) => (isBase64(run) ? hidden : run))
}

/** Whether a text holds a private key with its PEM header, whatever its line breaks have become. */
export function holdsPrivateKey(text: string): boolean {
  return new RegExp(privateBlock.source).test(text)
}

const hidden = '(key text, not shown)'

/** With something behind its header: an error may well quote the header alone. */
const privateBlock =
  /-----BEGIN[^-]*PRIVATE KEY-----(?=(?:\s|\\[nr])*[A-Za-z0-9+/=:, -]{8})[\s\S]*?(?:-----END[^-]*-----|$)/g

/** A line of PEM has 64 characters (RFC 7468 section 2); a run shorter than 40 can't be a key. */
const longRun = /[A-Za-z0-9+/=]{40,}/g

/** Base64 of random bytes has all three kinds of characters, and rarely a slash. A path has short words between its slashes. */
function isBase64(run: string): boolean {
  return run
    .split('/')
    .some((word) => word.length >= 20 && [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(word)))
}
