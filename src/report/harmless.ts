/**
 * A text that came from a file, a cloud or another person, on one line and with nothing in it that a terminal would obey:
 * control characters become their pictures (`␛`), line breaks `⏎`, what is invisible or turns the writing direction `�`.
 */
export const harmless = (text: string): string =>
  SUSPECT.test(text)
    ? text
        .replaceAll(/\r\n|[\n\r\u0085\u2028\u2029]/g, '⏎')
        .replaceAll('\t', ' ')
        .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, picture)
    : text;

/** Nearly every text is harmless, and large previews have many. */
const SUSPECT = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

/** The same for every text in a plain value; keys are names that the configuration's rules checked. */
export function harmlessly<T>(value: T): T;
export function harmlessly(value: unknown): unknown {
  if (typeof value === 'string') return harmless(value);
  if (Array.isArray(value)) return value.map((each: unknown) => harmlessly(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, harmlessly(each)]));
}

function picture(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  return code < 0x20 ? String.fromCodePoint(0x2400 + code) : code === 0x7f ? '␡' : '�';
}

/** Cut to `most` characters, said with an ellipsis. */
export const shortened = (text: string, most: number): string => {
  const signs = [...text];
  return signs.length <= most ? text : `${signs.slice(0, most - 1).join('')}…`;
};
