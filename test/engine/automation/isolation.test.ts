import { join } from 'node:path';
import { expect } from 'chai';
import { duration } from '../../../src/core/time';
import type { Operation } from '../../../src/engine/port';
import { childrenOf } from '../../crash/process-tree';
import { AWS, context, failureIn, GOOD, MINUTE, makeWorld, valueIn, type World } from './world';

interface Bad {
  readonly body: string;
  /** What its own stack's failure says. */
  readonly says: RegExp;
  readonly timeout?: number;
}

/** Each breaks its process in another way. */
const BAD: Readonly<Record<string, Bad>> = {
  throws: { body: "throw new Error('thrown by throws');", says: /thrown by throws/ },
  rejects: {
    body: "this.answer = Promise.reject(new Error('rejected by rejects'));",
    says: /rejected by rejects/,
  },
  applies: {
    body: "this.answer = pulumi.output(1).apply(() => { throw new Error('thrown in an apply'); });",
    says: /thrown in an apply/,
  },
  exits: { body: 'process.exit(3);', says: /^its process ended by itself \(exit code 3\)$/ },
  eats: {
    body: 'const eaten = []; for (;;) eaten.push(new Array(100_000).fill(eaten.length));',
    says: /^its process ran out of memory$/,
  },
  // Last, because they start last: their time must not be over before all are there.
  'never-settles': {
    body: 'this.answer = new Promise(() => {});',
    says: /^did not end within 15 s$/,
    timeout: 15_000,
  },
  loops: { body: 'for (;;);', says: /^did not end within 15 s$/, timeout: 15_000 },
};

describe('eight programs at a time, seven of them broken', function () {
  this.timeout(240_000);
  let world: World;
  beforeEach(() => {
    world = makeWorld();
  });
  afterEach(() => world.done());

  /** Nobody goes on before all eight are there: each is at work while the others break. */
  const together = (body: string): string => `
    const fs = require('node:fs');
    const meeting = ${JSON.stringify(join(world.root, 'meeting'))};
    fs.mkdirSync(meeting, { recursive: true });
    fs.writeFileSync(meeting + '/' + pulumi.getStack(), '');
    const sleep = new Int32Array(new SharedArrayBuffer(4));
    while (fs.readdirSync(meeting).length < 8) Atomics.wait(sleep, 0, 0, 5);
    ${body}`;
  const operations = (): Operation[] =>
    Object.entries(BAD).map(([stack, { body, timeout }]) =>
      world.operation(stack, together(body), { timeout: timeout === undefined ? MINUTE : duration(timeout) }),
    );

  for (const kind of ['preview', 'up'] as const) {
    it(`fails in ${kind} each stack with its own message, and no other`, async () => {
      const engine = world.engine({ parallel: 8 });
      const good = ['good-1', 'good-2', 'good-3'].map((stack) =>
        world.operation(stack, together(GOOD), { providers: AWS }),
      );
      const before = childrenOf(process.pid).length;
      let most = 0;
      const watching = setInterval(() => {
        most = Math.max(most, childrenOf(process.pid).length - before);
      }, 20);
      const [one, ...others] = good.map((operation) => () => engine[kind](operation, context()));
      const first = one?.();
      const results = await Promise.all(operations().map((operation) => engine[kind](operation, context())));
      clearInterval(watching);
      expect(most, 'at a time').to.equal(8);
      Object.entries(BAD).forEach(([stack, { says }], index) => {
        const result = results[index];
        expect(result && failureIn(result).message, stack).to.match(says);
      });
      for (const result of [await first, ...(await Promise.all(others.map((start) => start())))])
        expect(result && valueIn(result).counts).to.include({ create: 4 });
    });
  }
});
