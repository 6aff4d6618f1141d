import { expect } from 'chai';
import { brokenSignalbox } from './broken/signalbox';
import { expectedSignalbox } from './broken/signalbox-expected';
import { brokenStacks } from './broken/stack';
import { expectedStacks } from './broken/stack-expected';
import { brokenTracks } from './broken/track';
import { expectedTracks } from './broken/track-expected';
import { line, load } from './repository';

const expected = { ...expectedSignalbox, ...expectedTracks, ...expectedStacks };
const broken = [...brokenSignalbox, ...brokenTracks, ...brokenStacks];

describe('a broken configuration', () => {
  for (const [title, changes] of broken) {
    it(`is told by file, line, column and remedy: ${title}`, async () => {
      const loaded = await load(changes);
      expect(loaded.ok ? [] : loaded.problems.map(line)).to.deep.equal(expected[title]);
    });
  }

  it('stands in the table once, with what is expected of it', () => {
    expect(broken.map(([title]) => title).sort()).to.deep.equal(Object.keys(expected).sort());
    expect(Object.values(expected).every((problems) => problems.length > 0)).to.equal(true);
  });
});
