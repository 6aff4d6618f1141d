import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseConfigPath, removeAt, setAt } from '../../../../src/engine/embedded/state/config-path';
import { declarationsOf } from '../../../../src/engine/embedded/state/declared';
import { newCrypter, openCrypter } from '../../../../src/engine/embedded/state/secret';
import {
  crypterOf,
  readConfig,
  readStackFile,
  writeRawConfig,
  writeStackFile,
} from '../../../../src/engine/embedded/state/stack-file';
import { refusal, temporaryFolder } from './world';

const project = {
  name: 'shop',
  declared: declarationsOf('shop', { zone: 'a' }),
  stackConfigDir: undefined,
  refreshesAlways: false,
  requiredVersion: undefined,
};

describe('a stack file', () => {
  it('that is missing is an empty one, and gets a salt that is then kept', async () => {
    const folder = temporaryFolder();
    const file = await readStackFile(project, folder, 'dev', undefined);
    const { salt } = await crypterOf(file, 'p');
    await writeStackFile(file);
    const again = await readStackFile(project, folder, 'dev', undefined);
    expect((await crypterOf(again, 'p')).salt).to.equal(salt);
    expect(again.isChanged).to.equal(false);
  });

  it('gives values with their defaults, secrets opened, lists as JSON', async () => {
    const folder = temporaryFolder();
    const crypter = await newCrypter('p');
    writeFileSync(
      join(folder, 'Pulumi.dev.yaml'),
      `encryptionsalt: ${crypter.salt}
config:
  region: eu
  shop:token:
    secure: ${crypter.encrypt('t0ken')}
  aws:list:
    - 1
    - secure: ${crypter.encrypt('deep')}
  shop:on: true
`,
    );
    const file = await readStackFile(project, folder, 'dev', undefined);
    const config = readConfig(file, await crypterOf(file, 'p'));
    expect([...config].map(([key, { value, isSecret }]) => [key, value, isSecret])).to.deep.equal([
      ['aws:list', '[1,"deep"]', true],
      ['shop:on', 'true', false],
      ['shop:region', 'eu', false],
      ['shop:token', 't0ken', true],
      ['shop:zone', 'a', false],
    ]);
  });

  it('keeps a person’s comments when a value changes', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'Pulumi.dev.yaml');
    writeFileSync(path, '# who owns this\nconfig:\n  shop:a: "1" # why\n');
    const file = await readStackFile(project, folder, 'dev', undefined);
    writeRawConfig(file, 'shop:b', '2');
    await writeStackFile(file);
    expect(readFileSync(path, 'utf8')).to.equal(
      '# who owns this\nconfig:\n  shop:a: "1" # why\n  shop:b: "2"\n',
    );
  });

  for (const [what, text, words] of [
    ['a cloud secrets provider', 'secretsprovider: awskms://key\n', 'does not support the secrets provider'],
    ['an environment', 'environment: [base]\n', 'does not support environments'],
    ['broken YAML', 'config: [\n', 'could not unmarshal'],
  ] as const) {
    it(`with ${what} is refused by name`, async () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'Pulumi.dev.yaml'), text);
      expect(await refusal(readStackFile(project, folder, 'dev', undefined))).to.contain(words);
    });
  }

  it('under a wrong passphrase is refused', async () => {
    const { salt } = await newCrypter('right');
    expect(await refusal(openCrypter('wrong', salt))).to.contain('incorrect passphrase');
  });
});

describe('a path into a configured value', () => {
  it('goes through maps, lists and quoted names', () => {
    expect(parseConfigPath('outer.list[0]["a.b"].c')).to.deep.equal(['outer', 'list', 0, 'a.b', 'c']);
    expect(parseConfigPath('a..b')).to.deep.equal(['a', 'b']);
    expect(() => parseConfigPath('__proto__.x')).to.throw('invalid configuration key');
  });

  it('sets and removes a leaf, and leaves the rest', () => {
    const value = setAt({ kept: 1 }, ['list', 0, 'name'], 'x');
    expect(value).to.deep.equal({ kept: 1, list: [{ name: 'x' }] });
    expect(removeAt(value, ['list', 0])).to.deep.equal({ kept: 1, list: [] });
  });
});
