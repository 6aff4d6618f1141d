import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { onInterrupt } from '../../src/cli/interrupt';

describe('interrupts', () => {
  const world = () => {
    const source = new EventEmitter();
    const done: string[] = [];
    let now = 5_000;
    const release = onInterrupt(
      { first: () => done.push('stop in order'), next: () => done.push('leave') },
      source,
      () => now,
    );
    return {
      done,
      release,
      source,
      send(name: 'SIGINT' | 'SIGTERM', after = 0): void {
        now += after;
        source.emit(name);
      },
    };
  };

  it('stop in order first; whoever insists leaves at once', () => {
    const it = world();
    it.send('SIGINT');
    expect(it.done).to.deep.equal(['stop in order']);
    it.send('SIGTERM', 1_500);
    expect(it.done).to.deep.equal(['stop in order', 'leave']);
  });

  it('are one wish where npm repeats what the terminal has sent already', () => {
    const it = world();
    it.send('SIGINT');
    it.send('SIGINT', 3);
    it.send('SIGINT', 40);
    expect(it.done).to.deep.equal(['stop in order']);
  });

  it('are nobody’s any more once the work is done', () => {
    const it = world();
    it.release();
    it.send('SIGINT');
    expect([it.done, it.source.eventNames()]).to.deep.equal([[], []]);
  });
});
