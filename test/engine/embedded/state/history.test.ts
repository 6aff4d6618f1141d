import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { addHistory, readHistory } from '../../../../src/engine/embedded/state/history';
import { newCrypter } from '../../../../src/engine/embedded/state/secret';
import { writeStack } from '../../../../src/engine/embedded/state/stack-state';
import { snapshot } from './things';
import { pathsIn, temporaryFolder } from './world';

describe('the history of a stack', () => {
  it('keeps messages verbatim, the newest first, page by page, with a checkpoint each', async () => {
    const paths = pathsIn(temporaryFolder());
    await writeStack(paths, { snapshot: snapshot(), metadata: {}, crypter: await newCrypter('p') });
    for (const message of ['one', 'two "2"', 'three\nlines']) {
      await addHistory(paths, {
        kind: 'update',
        startTime: 1,
        message,
        environment: {},
        config: {},
        result: 'succeeded',
        endTime: 2,
      });
    }
    const messages = async (size?: number, number?: number) =>
      (
        await readHistory(paths, {
          ...(size === undefined ? {} : { size }),
          ...(number === undefined ? {} : { number }),
        })
      ).map(({ message }) => message);
    expect(await messages()).to.deep.equal(['three\nlines', 'two "2"', 'one']);
    expect(await messages(1)).to.deep.equal(['three\nlines']);
    expect(await messages(2, 2)).to.deep.equal(['one']);
    const names = readdirSync(paths.history).filter((name) => name.endsWith('.checkpoint.json'));
    expect(names).to.have.length(3);
    for (const name of names) expect(name).to.match(/^dev-\d{19}\.checkpoint\.json$/);
  });

  it('is empty before the first update', async () => {
    expect(await readHistory(pathsIn(temporaryFolder()))).to.deep.equal([]);
  });
});
