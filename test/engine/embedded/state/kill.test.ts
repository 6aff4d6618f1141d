import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { readStack } from '../../../../src/engine/embedded/state/stack-state';
import { pathsIn, temporaryFolder } from './world';

describe('a process killed while it saves', () => {
  it('leaves a whole state that can be read', async () => {
    const paths = pathsIn(temporaryFolder());
    let newest = 0;
    for (let round = 0; round < 4; round += 1) {
      const child = fork(join(__dirname, 'endless-save.ts'), [paths.backend.root], {
        execArgv: ['--require', require.resolve('ts-node/register')],
      });
      // The child says each time how many states it has saved: killed after a few, wherever it then is.
      let saved = 0;
      for (; saved < 5 + 7 * round; ) [saved] = await once(child, 'message');
      child.kill('SIGKILL');
      await once(child, 'exit');
      const snapshot = (await readStack(paths, () => 'p'))?.snapshot;
      newest = Number(snapshot?.resources[0]?.id);
      expect(newest).to.be.at.least(saved);
      expect(snapshot?.resources).to.have.length(200);
    }
  });
});
