import type { Problem } from '../config/problem';
import { verifyTrack } from './lock';
import { trackNames } from './trackfile';

/** Every way in which tracks' folders, locks and pins disagree; none means that all hold exactly what they pin. */
export function check(wish: {
  readonly root: string;
  readonly tracks?: readonly string[];
}): readonly Problem[] {
  return (wish.tracks ?? trackNames(wish.root)).flatMap((track) => {
    const verified = verifyTrack(wish.root, track);
    return verified.ok ? [] : verified.problems;
  });
}
