import type { Change, ChangeCounts, ChangeKind } from '../core/change';
import type { LedgerEvent, Outcome, StackEnd } from '../core/event';
import { between } from '../core/time';
import { harmless } from './harmless';
import { spanText } from './time';

/** Every sentence that people read about events stands here, so that terminal, CI and history say the same. */
export const SYMBOL: Readonly<Record<ChangeKind, string>> = {
  create: '+',
  update: '~',
  replace: '±',
  delete: '-',
  same: ' ',
};

/** Replaces and deletes first: they are what a reader must not miss. */
export const BY_RISK: readonly ChangeKind[] = ['replace', 'delete', 'update', 'create'];

/** What happens to a resource: `replace`, `update (in place unverified)`. */
export const changeText = ({ kind, inPlace }: Pick<Change, 'kind' | 'inPlace'>): string =>
  inPlace === undefined ? kind : `${kind} (in place ${inPlace})`;

/** `1 stack`, `2 stacks`, `3 properties`. */
export const plural = (count: number, noun: string): string =>
  `${count} ${count === 1 ? noun : noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;

export const list = (names: readonly string[], most = 8): string =>
  names.length <= most
    ? names.join(', ')
    : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

/** `1 replace, 2 creates`, replaces and deletes first; `no change` where everything is the same. */
export function countsText(counts: ChangeCounts): string {
  const parts = BY_RISK.filter((kind) => counts[kind] > 0).map((kind) => plural(counts[kind], kind));
  return parts.length > 0 ? parts.join(', ') : 'no change';
}

export const OUTCOME: Readonly<Record<Outcome, string>> = {
  converged: 'converged: every subscriber runs it',
  'rolled back': 'taken back: every touched stack runs again what it ran before',
  halted: 'halted: touched stacks stay as they are',
  aborted: 'aborted',
  superseded: 'superseded by a newer release',
  stuck: 'stuck: a person must look',
};

export const STACK_END: Readonly<Record<StackEnd, string>> = {
  updated: 'updated',
  unhealthy: 'updated, but unhealthy',
  'taken back': 'taken back',
  failed: 'failed',
  unknown: 'unknown',
  already: 'ran it already',
  'not started': 'not started',
};

/** One line a person would write in a log book; whatever the event quotes, it stays one harmless line. */
export const sentence = (event: LedgerEvent): string => harmless(said(event));

function said(event: LedgerEvent): string {
  switch (event.type) {
    case 'release-recorded':
      return `${event.release.id} recorded: ${list(Object.keys(event.release.components))}${event.from ? `, copied from ${event.from}` : ''}`;
    case 'rollout-started':
      return `${event.kind} of ${event.release} started: ${plural(Object.keys(event.plan.targets).length, 'stack')} in ${plural(event.plan.channels.length, 'channel')}`;
    case 'stack-previewed':
      return `${event.stack}: ${event.direction === 'forward' ? 'preview' : 'way back'}: ${countsText(event.counts)} (class ${event.class})${event.byGoal === 'missed' ? ', though nothing that it is given has changed: a bug in a component' : ''}`;
    case 'previews-accepted':
      return `previews accepted for ${list(Object.keys(event.digests))}`;
    case 'wave-started':
      return `wave ${event.wave + 1} · ${event.channel}: ${list(event.stacks)}`;
    case 'apply-started':
      return `${event.stack}: ${event.direction === 'forward' ? 'update' : 'take back'} to ${event.release ?? 'what it ran before'} started${event.attempt > 1 ? ` (attempt ${event.attempt})` : ''}`;
    case 'apply-ended':
      return applyEnded(event);
    case 'sampled':
      return `${event.stack}: ${event.check} ${event.verdict}${event.samples > 1 ? ` (${event.samples} samples in ${spanText(between(event.from, event.until))})` : ''}: ${event.reason}`;
    case 'stack-unhealthy':
      return `${event.stack}: unhealthy: ${event.reason}`;
    case 'wave-ended':
      return `wave ${event.wave + 1} · ${event.channel} soaked${event.withoutChecks.length > 0 ? ` (no checks on ${list(event.withoutChecks)}: weak evidence)` : ''}`;
    case 'take-back-started':
      return `taking back ${list(event.stacks)}: ${event.reason}`;
    case 'rollout-ended':
      return `${event.release} ${OUTCOME[event.outcome]}${event.reason && event.outcome !== 'converged' ? ` (${event.reason})` : ''}`;
    case 'release-proven':
      return `${event.release} is proven${event.evidence === 'weak' ? ' (weak evidence: no checks)' : ''}`;
    case 'veto-set':
      return `${event.release} vetoed: ${event.reason}`;
    case 'veto-cleared':
      return `veto of ${event.release} cleared: ${event.reason}`;
    case 'abort-requested':
      return `abort requested (${event.mode === 'stop' ? 'touched stacks stay' : 'touched stacks go back'}): ${event.reason}`;
  }
}

function applyEnded(event: Extract<LedgerEvent, { type: 'apply-ended' }>): string {
  const what = event.direction === 'forward' ? 'update' : 'take back';
  switch (event.result) {
    case 'succeeded':
      return `${event.stack}: ${event.direction === 'forward' ? 'updated' : 'taken back'}${event.counts ? `: ${countsText(event.counts)}` : ''}${event.isAdopted ? ' (found finished after a crash)' : ''}`;
    case 'failed':
      return `${event.stack}: ${what} failed: ${event.failure?.message ?? 'no reason given'}`;
    case 'lost':
      return `${event.stack}: ${what} was lost${event.suspects?.length ? `; may exist: ${list(event.suspects)}` : ''}`;
  }
}
