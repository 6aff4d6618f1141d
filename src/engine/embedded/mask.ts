/** Shorter secrets would hide half of every sentence, as in the real engine. */
const SHORTEST = 3;

/** Hides text that a stack's configuration keeps secret wherever an event would show it, also within JSON. */
export function masking(secrets: Iterable<string>): (text: string) => string {
  const hidden = new Set<string>();
  for (const secret of secrets) {
    if (Buffer.byteLength(secret) < SHORTEST || /^(true|false)$/i.test(secret)) continue;
    hidden.add(secret).add(JSON.stringify(secret).slice(1, -1));
  }
  if (hidden.size === 0) return (text) => text;
  const pattern = new RegExp(
    [...hidden].map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'),
    'g',
  );
  return (text) => text.replace(pattern, '[secret]');
}
