import { harmless } from './harmless';

interface Previewed {
  readonly stack: string;
  readonly ok: boolean;
  readonly pending?: readonly string[];
}

/** What earlier runs left open, a line a stack, and what an update will do about it. */
export function pendingTexts(stacks: readonly Previewed[], cloud: 'sandbox' | 'real'): readonly string[] {
  const then =
    cloud === 'sandbox'
      ? 'an update finds out what became of it'
      : 'an update is refused until somebody has looked, and settled it with pulumi refresh';
  return stacks.flatMap(({ stack, pending = [] }) =>
    pending.length === 0
      ? []
      : [`${stack}: an earlier run left open ${harmless(pending.join(', '))}; ${then}`],
  );
}
