import type { Tree } from './tree';

/** Text in quotes that cannot break a terminal: control, format and direction characters are escaped. */
export function quote(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 77)}…` : text;
  return JSON.stringify(short).replace(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, escaped);
}

const escaped = (character: string): string =>
  `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** A value as a message names it. */
export function show(tree: Tree): string {
  switch (tree.kind) {
    case 'list':
      return 'a list';
    case 'branch':
      return 'a map';
    case 'leaf':
      if (tree.value === null) return 'an empty value';
      return typeof tree.value === 'string' ? quote(tree.value) : tree.source.slice(0, 80);
  }
}

/** `a`, `a or b`, `a, b or c`. */
export function either(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;
}
