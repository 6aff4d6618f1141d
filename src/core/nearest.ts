/** The nearest known word, when it is near enough to be a slip of the keyboard. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > 64) return undefined;
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    if (candidate === word || candidate.length > 64) continue;
    const limit = Math.min(3, Math.ceil(Math.min(word.length, candidate.length) / 3));
    const near = distance(word.toLowerCase(), candidate.toLowerCase());
    if (near <= limit && (!best || near < best.distance)) best = { word: candidate, distance: near };
  }
  return best?.word;
}

/** Damerau-Levenshtein with adjacent swaps (optimal string alignment). */
export function distance(left: string, right: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      let least = Math.min(
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
      );
      const isSwap = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      if (isSwap) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = previous;
    previous = row;
  }
  return previous[right.length] ?? 0;
}
