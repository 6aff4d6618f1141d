import type { Room } from '../core/room';
import { plural } from './words';

/** How many stack operations run at once: `16 at once; at most 4 in 111111111111 (8 stacks)`. */
export function roomText({ parallel, accounts = new Map() }: Room): string {
  const limited = new Map<string, { most: number; stacks: number }>();
  for (const { account, most } of accounts.values())
    limited.set(account, { most, stacks: (limited.get(account)?.stacks ?? 0) + 1 });
  const named = [...limited].map(
    ([account, { most, stacks }]) =>
      `${most} in ${account === '' ? 'no named account' : account} (${plural(stacks, 'stack')})`,
  );
  return [`${parallel} at once`, ...(named.length > 0 ? [`at most ${named.join(', ')}`] : [])].join('; ');
}
