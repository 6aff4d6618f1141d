import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  checkpointText,
  deploymentText,
  parseCheckpoint,
} from '../../../../src/engine/embedded/state/checkpoint';
import { newCrypter, openCrypter } from '../../../../src/engine/embedded/state/secret';
import { secret, snapshot, thing, urn } from './things';
import { refusal } from './world';

const RECORDINGS = join(__dirname, '../../../fixtures/conformance/recordings');
const open = (salt: string) => openCrypter('conformance', salt);

describe('a checkpoint', () => {
  it('of the real CLI is written back as it was, but for times and ciphertexts', async () => {
    for (const [name, step] of [
      ['secrets', '02-up'],
      ['protect-retain', '01-up'],
      ['stack-reference', '03-up'],
      ['components', '02-up'],
      ['basic', '07-destroy'],
    ] as const) {
      const { state } = JSON.parse(readFileSync(join(RECORDINGS, name, `${step}.json`), 'utf8'));
      const checkpoint = await parseCheckpoint(JSON.stringify(state), open);
      const crypter = await openCrypter('conformance', checkpoint.salt ?? '');
      const written = JSON.parse(checkpointText(checkpoint, crypter));
      expect(withoutFresh(written), name).to.deep.equal(withoutFresh(state));
      expect(JSON.stringify(withoutFresh(written)), `${name}: order of keys`).to.equal(
        JSON.stringify(withoutFresh(state)),
      );
      expect((await parseCheckpoint(JSON.stringify(written), open)).snapshot).to.deep.equal(
        checkpoint.snapshot,
      );
    }
  });

  it('can be read in every recording', async () => {
    for (const name of readdirSync(RECORDINGS).slice(0, 4)) {
      for (const step of readdirSync(join(RECORDINGS, name))) {
        const { state } = JSON.parse(readFileSync(join(RECORDINGS, name, step), 'utf8'));
        await parseCheckpoint(JSON.stringify(state), open);
      }
    }
  });

  it('never holds a secret in plain text', async () => {
    const crypter = await newCrypter('p');
    const text = checkpointText(
      {
        stack: 'organization/shop/dev',
        metadata: {},
        snapshot: {
          resources: [thing('a', { inputs: { password: secret('hunter2') } })],
          pendingOperations: [
            { type: 'creating', resource: thing('b', { inputs: { list: [{ deep: secret('hunter2') }] } }) },
          ],
        },
      },
      crypter,
    );
    expect(text).not.to.contain('hunter2');
    const back = await parseCheckpoint(text, (salt) => openCrypter('p', salt));
    expect(back.snapshot.pendingOperations).to.deep.equal([
      { type: 'creating', resource: thing('b', { inputs: { list: [{ deep: secret('hunter2') }] } }) },
    ]);
  });

  for (const [what, file, words] of [
    ['a newer version', { version: 5, checkpoint: {} }, 'unsupported checkpoint version 5'],
    ['an older version', { version: 2, checkpoint: {} }, 'unsupported checkpoint version 2'],
    [
      'a feature',
      { version: 3, features: ['views'], checkpoint: { stack: 's' } },
      'unsupported checkpoint features: views',
    ],
    [
      'an unknown key of a resource',
      {
        version: 3,
        checkpoint: {
          stack: 's',
          latest: { resources: [{ urn: urn('a'), type: 't', custom: true, novelty: 1 }], metadata: {} },
        },
      },
      'unsupported checkpoint feature "novelty"',
    ],
    [
      'an unknown key of the deployment',
      { version: 3, checkpoint: { stack: 's', latest: { metadata: {}, snippets: [] } } },
      'unsupported checkpoint feature "snippets" of the deployment',
    ],
    [
      'an unknown key beside the deployment',
      { version: 3, checkpoint: { stack: 's', latest: null, journal: {} } },
      'unsupported checkpoint feature "journal" of the checkpoint',
    ],
    [
      'an unknown key beside the checkpoint',
      { version: 3, checkpoint: { stack: 's', latest: null }, signature: 'x' },
      'unsupported checkpoint feature "signature" of the file',
    ],
    [
      'another secrets provider',
      {
        version: 3,
        checkpoint: { stack: 's', latest: { secrets_providers: { type: 'cloud' }, metadata: {} } },
      },
      'does not support the secrets provider "cloud"',
    ],
  ] as const) {
    it(`with ${what} is refused by name`, async () => {
      expect(await refusal(parseCheckpoint(JSON.stringify(file), open))).to.contain(words);
    });
  }

  it('of the version with features keeps those that are known', async () => {
    const urn = 'urn:pulumi:dev::p::t:m:R::r';
    const resources = [{ urn, type: 't:m:R', custom: true, taint: true, replaceWith: [urn] }];
    const file = {
      version: 4,
      features: ['replaceWith', 'taint'],
      checkpoint: { stack: 's', latest: { resources, metadata: {} } },
    };
    const read = await parseCheckpoint(JSON.stringify(file), open);
    const written = JSON.parse(deploymentText(read, { as: 'plaintext' }));
    expect(written).to.deep.include({ version: 4, features: ['replaceWith', 'taint'] });
    expect(written.deployment.resources).to.deep.equal(resources);
  });

  it('that is no JSON, cut off by a full disk say, is refused', async () => {
    expect(await refusal(parseCheckpoint('{"version": 3, "check', open))).to.contain(
      'failed to load checkpoint',
    );
  });

  it('leaves out what is empty, as the real CLI does', async () => {
    const text = checkpointText(
      {
        stack: 'organization/shop/dev',
        metadata: {},
        snapshot: snapshot(thing('a', { inputs: {}, dependencies: [], protect: false, parent: '' })),
      },
      await newCrypter('p'),
    );
    expect(Object.keys(JSON.parse(text).checkpoint.latest.resources[0])).to.deep.equal([
      'urn',
      'custom',
      'id',
      'type',
    ]);
  });
});

/** Without what is fresh in each write: manifest and ciphertexts. */
function withoutFresh(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, item) => (key === 'manifest' || key === 'ciphertext' ? 'fresh' : item)),
  );
}
