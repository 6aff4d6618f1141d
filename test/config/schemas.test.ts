import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { validate } from '../../src/config/inputs/validate';
import { parseYaml } from '../../src/config/parse';
import { schemaTexts } from '../../src/config/schema/json';
import { plain, startOf } from '../../src/config/tree';
import { sound } from './repository';

describe('the JSON Schemas of the files', () => {
  const committed = (name: string) => readFileSync(join(__dirname, '..', '..', 'schemas', name), 'utf8');

  it('are committed as the forms say now', () => {
    for (const [name, text] of schemaTexts()) expect(committed(name), name).to.equal(text);
  });

  const files = [
    ['signalbox.schema.json', 'signalbox.yaml'],
    ['track.schema.json', 'tracks/beta/track.yaml'],
    ['stack.schema.json', 'stacks/test/test-eu1.yaml'],
    ['stack.schema.json', 'stacks/_shared/eu.yaml'],
  ] as const;
  for (const [schema, path] of files)
    it(`accept what the loader accepts: ${path}`, () => {
      const tree = parseYaml(path, String(sound[path])).tree;
      const findings = tree && validate(JSON.parse(committed(schema)), tree, startOf(path));
      expect(findings, JSON.stringify(tree && plain(tree))).to.deep.equal([]);
    });
});
