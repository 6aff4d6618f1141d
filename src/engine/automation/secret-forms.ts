/** Shorter pieces of base64 stand in innocent text. */
const SHORTEST = 8;

/** The text as programs and clouds write it into others: escaped for JSON (also twice), for URLs, in base64, in hex. */
export function formsOf(secret: string): Set<string> {
  const escaped = inJson(secret);
  const forms = [secret, escaped, inJson(escaped), Buffer.from(secret).toString('hex')];
  // Half of a surrogate pair cannot stand in a URL.
  const inUrl = encodeURIComponent(secret.toWellFormed());
  forms.push(
    inUrl,
    inUrl.replaceAll('%20', '+'),
    inUrl.replaceAll(/%../g, (code) => code.toLowerCase()),
  );
  for (const base64 of inBase64(Buffer.from(secret)))
    forms.push(base64, base64.replaceAll('+', '-').replaceAll('/', '_'));
  return new Set(forms);
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Alone, and the signs that stay the same wherever it stands in a longer text that is encoded: `user:password`. */
function inBase64(bytes: Buffer): string[] {
  const within = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  return [bytes.toString('base64'), ...within].filter((text) => text.length >= SHORTEST);
}
