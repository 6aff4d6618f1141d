import { expect } from 'chai';
import type { Output } from '../../src/cli/output';
import { viewer } from '../../src/cli/viewer';
import type { LedgerEvent } from '../../src/core/event';
import type { Entry } from '../../src/ledger/port';
import { plain } from '../../src/report/paint';
import { counts, plan, start, started } from '../report/sample';

function recorder(isJson = false) {
  const lines: string[] = [];
  const events: string[] = [];
  const out: Output = {
    isJson,
    isLive: false,
    paint: plain,
    text: (text) => void (isJson || lines.push(text)),
    next: () => {},
    note: (text) => void lines.push(`note: ${text}`),
    draw: () => {},
    freeze: () => {},
    erase: () => {},
    event: (event) => void events.push(event.type),
    result: () => {},
  };
  return { lines, events, out };
}

const entry = (seq: number, event: LedgerEvent): Entry => ({
  track: 'beta',
  seq,
  event,
  at: start,
  actor: 'ada',
  key: String(seq),
  prev: '',
  hash: '',
});

const apply = { rollout: 'r', deployment: 'd', stack: 'eu-1', direction: 'forward' } as const;
const STORY: readonly LedgerEvent[] = [
  started(plan({ test: [['eu-1']] })),
  { type: 'wave-started', rollout: 'r', wave: 0, channel: 'test', stacks: ['eu-1'] },
  { type: 'apply-started', ...apply, attempt: 1, release: 'beta.2', contents: {} },
  { type: 'apply-ended', ...apply, result: 'succeeded', counts: counts({ update: 2 }) },
  { type: 'wave-ended', rollout: 'r', wave: 0, channel: 'test', withoutChecks: [] },
  { type: 'release-proven', rollout: 'r', release: 'beta.2', evidence: 'checks' },
  { type: 'rollout-ended', rollout: 'r', release: 'beta.2', outcome: 'converged', reason: '', stacks: {} },
];

function told(story: readonly LedgerEvent[], isJson = false) {
  const { lines, events, out } = recorder(isJson);
  const view = viewer({ out, title: 'embedded engine, sandbox cloud', clock: () => undefined });
  for (const [index, event] of story.entries()) view.entry?.(entry(index + 1, event));
  return { view, lines, events };
}

describe('plain lines', () => {
  it('say every fact once, prefixed with its track, without escapes', () => {
    const { view, lines } = told(STORY);
    view.entry?.(entry(3, STORY[2] as LedgerEvent));
    view.stop();
    expect(lines).to.deep.equal([
      '[beta] promote of beta.2 started: 1 stack in 1 channel',
      '[beta] wave 1 · test: eu-1',
      '[beta] eu-1: update to beta.2 started',
      '[beta] eu-1: updated: 2 updates',
      '[beta] wave 1 · test soaked',
      '[beta] beta.2 is proven',
    ]);
  });

  it('tell nothing that was recorded before the command came, and go on from there', () => {
    const baseline = [started(plan({ test: [['eu-1']] }, { kind: 'baseline' })), ...STORY.slice(1)];
    const news = (story: readonly LedgerEvent[], known: number): readonly string[] => {
      const { lines, out } = recorder();
      const view = viewer({ out, title: 'embedded engine, sandbox cloud', clock: () => undefined });
      const entries = story.map((event, index) => entry(index + 1, event));
      view.known(entries.slice(0, known));
      for (const one of entries) view.entry?.(one);
      view.stop();
      return lines;
    };
    expect(news(STORY, 4)).to.deep.equal(['[beta] wave 1 · test soaked', '[beta] beta.2 is proven']);
    // That it is a baseline, of which less is said, is known from its beginning.
    expect(news(baseline, 3)).to.deep.equal(['[beta] eu-1: updated: 2 updates']);
  });

  it('say no more of a baseline than that its stacks are there', () => {
    const { view, lines } = told([
      started(plan({ test: [['eu-1']] }, { kind: 'baseline' })),
      ...STORY.slice(1),
    ]);
    view.stop();
    expect(lines).to.deep.equal(['[beta] eu-1: updated: 2 updates']);
  });

  it('say why somebody is waited for, once, and not among the text where there is no rollout', () => {
    for (const [story, line] of [
      [[], 'note: [waiting] held by bob'],
      [STORY.slice(0, 1), '[waiting] held by bob'],
    ] as const) {
      const { view, lines, events } = told(story);
      for (const kind of ['waiting', 'waiting', 'soaking', 'settling'] as const)
        view.note?.({ kind, text: 'held by bob' });
      view.stop();
      expect(lines.filter((each) => each.includes('[waiting]'))).to.deep.equal([line]);
      expect(events.filter((each) => each === 'note')).to.have.length(1);
    }
  });
});

describe('JSON lines', () => {
  it('have every entry and every step, and no text', () => {
    const { view, lines, events } = told(STORY, true);
    view.progress?.('eu-1', { step: 'create', urn: 'urn', done: true });
    view.stop();
    expect(lines).to.deep.equal([]);
    expect(events).to.deep.equal([...STORY.map(() => 'event'), 'progress']);
  });
});
