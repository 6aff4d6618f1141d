import { replay } from '../core/rollout';
import type { Entry } from '../ledger/port';
import { standing } from '../report/standing';
import type { Work } from './work';

/** Says where a rollout stands that another command has begun; from here on only news is told. `entries`: its track's, up to now. */
export function takeUp({ viewer, call }: Work, entries: readonly Entry[], rollout: string): void {
  viewer.known(entries);
  const state = replay(entries, rollout);
  if (!state) return;
  const message = standing(state);
  call.out.text(message);
  call.out.event({ type: 'note', message });
}
