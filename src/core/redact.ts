/** An address with a password: before its host, or among its parameters. */
export const PASSWORD =
  /[a-z][a-z0-9+.-]*:\/\/(?:[^\s/:]*:[^\s/]+@|\S*[?&][a-z_]*(?:password|secret|token)[a-z_]*=[^&\s])/i;

/**
 * A text that others may read: without user names and passwords in URLs, also those that hold an `@` or a slash, and without
 * the values of variables that are named like secrets. Reads each part of the text a bounded number of times, however long
 * it is.
 */
export const redact = (text: string): string =>
  text
    .replaceAll(USER, '://[redacted]@')
    .replaceAll(PARAMETER, '$1[redacted]')
    .replaceAll(ASSIGNED, (whole, name: string) => (SECRET.test(name) ? `${name}=[redacted]` : whole));

/** What stands before the last `@` of the host's part. A port cannot be words: what looks like one is a password with a slash. */
const USER = /:\/\/(?:[^\s/:@[\]]*:(?!\d{1,5}(?:[/?#\s]|$))\S{0,256}|[^\s/]+)@/g;
const PARAMETER = /([?&][a-z_]*(?:password|secret|token)[a-z_]*=)[^&\s"']+/gi;
const ASSIGNED = /(?<![A-Za-z0-9_])([A-Za-z0-9_]+)=(?:"[^"]*"|'[^']*'|\S+)/g;
const SECRET = /PASSPHRASE|PASSWORD|SECRET|TOKEN|ACCESS_KEY/i;
