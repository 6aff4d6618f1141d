/**
 * A text that others may read: without user names and passwords in URLs, also those that hold an `@`, and without the values
 * of variables that are named like secrets.
 */
export const redact = (text: string): string =>
  text
    .replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^\s/]+@/gi, '$1[redacted]@')
    .replaceAll(
      /\b([A-Z0-9_]*(?:PASSPHRASE|PASSWORD|SECRET|TOKEN|ACCESS_KEY)[A-Z0-9_]*)=\S+/g,
      '$1=[redacted]',
    );
