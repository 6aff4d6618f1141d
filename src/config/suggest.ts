import { nearest } from '../core/nearest';
import { quote } from './wording';

/** `did you mean "vpc"?`, or the list of what there is, or nothing. */
export function didYouMean(word: string, known: Iterable<string>, noun?: string): string | undefined {
  const names = [...known];
  const near = nearest(word, names);
  if (near !== undefined) return `did you mean ${quote(near)}?`;
  if (noun === undefined) return undefined;
  if (names.length === 0) return `there are no ${noun}`;
  return `${noun}: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`;
}
