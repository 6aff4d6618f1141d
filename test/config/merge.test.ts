import { expect } from 'chai';
import fc from 'fast-check';
import { Reading } from '../../src/config/imports';
import { merge } from '../../src/config/merge';
import { parseYaml } from '../../src/config/parse';
import { at, plain, type Tree } from '../../src/config/tree';
import { filesInMemory } from './repository';

function tree(file: string, text: string): Tree {
  const parsed = parseYaml(file, text);
  if (!parsed.tree) throw new Error(JSON.stringify(parsed.findings));
  return parsed.tree;
}

const merged = (base: string, over: string) => plain(merge(tree('base', base), tree('over', over)));

describe('merging', () => {
  it('merges maps and replaces lists, single values and whatever changes its kind', () => {
    expect(
      merged('a: { b: 1, c: [1, 2] }\nd: 1\ne: { f: 1 }', 'a: { c: [3], g: 2 }\nd: { h: 1 }\ne: 5'),
    ).to.deep.equal({
      a: { b: 1, c: [3], g: 2 },
      d: { h: 1 },
      e: 5,
    });
  });

  it('lets null replace instead of deleting', () => {
    expect(merged('a: { b: 1 }', 'a: { b: null }')).to.deep.equal({ a: { b: null } });
  });

  it('lets later imports win over earlier ones, and the own file over all', () => {
    const reading = new Reading(
      filesInMemory({
        'stacks/s.yaml': 'import: [_x/one.yaml, _x/two.yaml]\nown: s\n',
        'stacks/_x/one.yaml': 'import: [deep.yaml]\nown: 1\nlater: 1\nonly: 1\n',
        'stacks/_x/two.yaml': 'own: 2\nlater: 2\n',
        'stacks/_x/deep.yaml': 'deep: true\nonly: 0\n',
      }),
    );
    const result = reading.merged('stacks/s.yaml');
    expect(result && plain(result)).to.deep.equal({
      import: ['_x/one.yaml', '_x/two.yaml'],
      deep: true,
      own: 's',
      later: 2,
      only: 1,
    });
    expect(at(result, 'own')?.overrode?.map((below) => below.place.file)).to.deep.equal([
      'stacks/_x/two.yaml',
      'stacks/_x/one.yaml',
    ]);
  });

  it('stays small when fragments fan out and in again many times over', () => {
    const files: Record<string, string> = { 'stacks/_x/l0.yaml': 'a: 0\n', 'stacks/_x/r0.yaml': 'a: 0\n' };
    for (let level = 1; level <= 60; level++) {
      const imports = `import: [l${level - 1}.yaml, r${level - 1}.yaml]\na: ${level}\n`;
      files[`stacks/_x/l${level}.yaml`] = imports;
      files[`stacks/_x/r${level}.yaml`] = imports;
    }
    files['stacks/s.yaml'] = 'import: [_x/l60.yaml, _x/r60.yaml]\n';
    const result = new Reading(filesInMemory(files)).merged('stacks/s.yaml');
    expect(at(result, 'a')?.overrode?.length).to.be.at.most(122);
  });

  it('gives what a plain deep merge gives, whatever is merged', () => {
    const value = fc.letrec((tie) => ({
      map: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('any'), { maxKeys: 3, noNullPrototype: true }),
      any: fc.oneof(
        { maxDepth: 3 },
        fc.integer(),
        fc.constant(null),
        fc.array(fc.integer(), { maxLength: 2 }),
        tie('map'),
      ),
    }));
    const isMap = (each: unknown): each is Record<string, unknown> =>
      typeof each === 'object' && each !== null && !Array.isArray(each);
    const simple = (base: unknown, over: unknown): unknown => {
      if (!isMap(base) || !isMap(over)) return over;
      const result: Record<string, unknown> = { ...base };
      for (const [key, each] of Object.entries(over))
        result[key] = key in base ? simple(base[key], each) : each;
      return result;
    };
    fc.assert(
      fc.property(value.map, value.map, (base, over) => {
        // JSON is YAML.
        expect(merged(JSON.stringify(base), JSON.stringify(over))).to.deep.equal(simple(base, over));
      }),
    );
  });
});
