import type { Change, ChangeCounts } from '../../src/core/change';
import type { RolloutStarted } from '../../src/core/event';
import type { Contents, Plan, PlanChannel, Target } from '../../src/core/plan';
import { duration, type Instant, instant } from '../../src/core/time';
import type { FailedPreview, SeenPreview } from '../../src/rollout/preview';

/** 2026-11-21 08:00:00Z. */
export const start = instant(Date.UTC(2026, 10, 21, 8));
export const later = (minutes: number): Instant => instant(start + minutes * 60_000);
export const minutes = (count: number) => duration(count * 60_000);

export const counts = (some: Partial<ChangeCounts> = {}): ChangeCounts => ({
  create: 0,
  update: 0,
  replace: 0,
  delete: 0,
  same: 0,
  ...some,
});

export const change = (some: Partial<Change> = {}): Change => ({
  kind: 'update',
  urn: 'urn:pulumi:eu-1::shop::aws:s3/bucket:Bucket::assets',
  type: 'aws:s3/bucket:Bucket',
  name: 'assets',
  properties: [],
  replaceKeys: [],
  protect: false,
  retainOnDelete: false,
  ...some,
});

export const preview = (stack: string, some: Partial<SeenPreview> = {}): SeenPreview => ({
  ok: true,
  stack,
  channel: 'test',
  direction: 'forward',
  changes: [],
  counts: counts({ same: 5 }),
  digest: `digest of ${stack}`,
  class: 'c1a55000',
  operation: 'operation',
  stateVersion: '1',
  irreversible: [],
  foreign: [],
  diagnostics: [],
  ...some,
});

export const failed = (stack: string, message: string): FailedPreview => ({
  ok: false,
  stack,
  channel: 'test',
  failure: { kind: 'failed', message, diagnostics: [] },
});

/** Waves of one channel each of its own name: `{ test: [['a'], ['b']] }`. */
export function plan(
  waves: Readonly<Record<string, readonly (readonly string[])[]>>,
  some: Partial<Plan> = {},
): Plan {
  const channels = Object.entries(waves).map(
    ([name, stacks]): PlanChannel => ({
      name,
      soak: minutes(120),
      onFailure: 'take-back',
      failureBudget: 0,
      waves: stacks,
    }),
  );
  const targets = channels.flatMap(({ name: channel, waves: all }) =>
    all
      .flat()
      .map((stack): [string, Target] => [
        stack,
        { stack, channel, critical: false, dependsOn: [], moves: ['web'], contents: {}, checks: [] },
      ]),
  );
  return {
    kind: 'promote',
    track: 'beta',
    release: 'beta.2',
    channels,
    targets: Object.fromEntries(targets),
    already: [],
    ...some,
  };
}

export const started = (wanted: Plan): RolloutStarted => ({
  type: 'rollout-started',
  rollout: 'beta-2-abc',
  kind: wanted.kind,
  release: wanted.release,
  plan: wanted,
  pinsBefore: {},
  pinsAfter: {},
});

export const contents = (commit: string, release?: string): Contents => ({
  web: {
    component: 'web',
    track: 'beta',
    commit,
    digest: `sha256:${commit}`,
    ...(release === undefined ? {} : { release }),
  },
});

/** What a hostile name may bring along: a colour, a cleared screen, a title, a second line, markup, a turned direction. */
export const HOSTILE =
  'a\u001b[31m\u001b[2J\u001b]0;x\u0007\n| b `c` ```d\u202e\u009b5m@team http://x www.x.y';
