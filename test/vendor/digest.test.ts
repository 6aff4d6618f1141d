import { expect } from 'chai';
import fc from 'fast-check';
import { treeDigest } from '../../src/vendor/digest';
import type { SnapshotFile } from '../../src/vendor/port';
import { filesOf } from './world';

const path = fc.stringMatching(/^[a-z]{1,3}(\/[a-zé]{1,3}){0,2}$/);
const file = fc.record({ content: fc.uint8Array({ maxLength: 8 }), executable: fc.boolean() });
const tree = fc.dictionary(path, file, { minKeys: 1, maxKeys: 6 }).map((files) => Object.entries(files));

describe('tree digest', () => {
  it('is the documented one', () => {
    expect(treeDigest(filesOf({ 'index.ts': 'a\n', 'b/c': '' }))).to.equal(
      'sha256:7b3b78760b1e093110c6cf4c1d2c928534d32f8d215f1c314f0ab051d4be2275',
    );
  });

  it('does not depend on the order of files', () => {
    fc.assert(
      fc.property(tree, fc.nat(), (entries, turn) => {
        const at = turn % entries.length;
        const turned = [...entries.slice(at), ...entries.slice(0, at)].reverse();
        expect(treeDigest(new Map(turned))).to.equal(treeDigest(new Map(entries)));
      }),
    );
  });

  it('changes with any content, path, executable bit, and with any file more or less', () => {
    fc.assert(
      fc.property(tree, fc.nat(), (entries, pick) => {
        const digest = treeDigest(new Map(entries));
        const [name, former] = entries[pick % entries.length] ?? [
          '',
          { content: new Uint8Array(), executable: false },
        ];
        const changed = (edit: (files: Map<string, SnapshotFile>) => void) => {
          const files = new Map<string, SnapshotFile>(entries);
          edit(files);
          return treeDigest(files);
        };
        expect(changed((files) => files.delete(name))).to.not.equal(digest);
        expect(changed((files) => files.set('zzzz', former))).to.not.equal(digest);
        expect(
          changed((files) => files.set(name, { ...former, executable: !former.executable })),
        ).to.not.equal(digest);
        const longer = new Uint8Array([...former.content, 0]);
        expect(changed((files) => files.set(name, { ...former, content: longer }))).to.not.equal(digest);
        const renamed = changed((files) => files.delete(name) && files.set(`${name}x`, former));
        if (!entries.some(([other]) => other === `${name}x`)) expect(renamed).to.not.equal(digest);
      }),
    );
  });
});
