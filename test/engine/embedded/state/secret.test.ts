import { createHash } from 'node:crypto';
import { expect } from 'chai';
import {
  adoptKeys,
  type DerivedKeys,
  newCrypter,
  openCrypter,
  passphraseOf,
  tellKeys,
} from '../../../../src/engine/embedded/state/secret';
import { refusal } from './world';

/** Salt of a state the real CLI wrote under the passphrase `conformance`, with a value from the same state. */
const RECORDED = 'v1:6Zi0o4PftYU=:v1:4s1QvHbGYfH0PKUA:ewYWNrrpKOUZsp0PRqBTP1VHDTI5Zw==';
const RECORDED_VALUE = 'v1:wvUWmt/+iCtyxA5k:yCDTxSHPptn0R0sGQw1g8Wqh5WWg';

describe('secrets of a state', () => {
  it('are read as the real CLI wrote them', async () => {
    const crypter = await openCrypter('conformance', RECORDED);
    expect(crypter.decrypt(RECORDED_VALUE)).to.equal('"out"');
  });

  it('are refused under another passphrase in the words of the real CLI', async () => {
    expect(await refusal(openCrypter('other', RECORDED))).to.match(/^incorrect passphrase/);
  });

  it('differ in ciphertext each time and open under a salt that was made here', async () => {
    const { salt, ...made } = await (async () => {
      const crypter = await newCrypter('p');
      return { salt: crypter.salt, one: crypter.encrypt('x'), two: crypter.encrypt('x') };
    })();
    expect(made.one).not.to.equal(made.two);
    expect((await openCrypter('p', salt)).decrypt(made.one)).to.equal('x');
  });

  it('open by the key that another process derived and told of, without deriving it again', async () => {
    const told: DerivedKeys[] = [];
    tellKeys((keys) => told.push(keys));
    const { salt } = await newCrypter('shared');
    await openCrypter('shared', salt);
    tellKeys(() => {});
    expect(told, 'once for each key that is derived').to.have.length(1);
    const [made] = Object.entries(told[0] ?? {});
    expect(Buffer.from(made?.[1] ?? '', 'base64')).to.have.length(32);
    expect(made?.[0], 'the passphrase is in no name').to.not.include('shared');
    const named = createHash('sha256')
      .update(`${salt.split(':')[1]}\0handed on`)
      .digest('base64');
    adoptKeys({ [named]: made?.[1] ?? '' });
    // The salt's check text was sealed under this very key: only an adopted one opens it by another passphrase.
    expect((await openCrypter('handed on', salt)).salt).to.equal(salt);
  });

  it('do not open once a byte has changed', async () => {
    const crypter = await openCrypter('conformance', RECORDED);
    const [version, nonce, sealed = ''] = RECORDED_VALUE.split(':');
    const changed = `${version}:${nonce}:A${sealed.slice(1)}`;
    expect(() => crypter.decrypt(changed)).to.throw('message authentication failed');
  });

  it('need a passphrase, which may be empty', () => {
    expect(() => passphraseOf({})).to.throw('passphrase must be set');
    expect(passphraseOf({ PULUMI_CONFIG_PASSPHRASE: '' })).to.equal('');
  });
});
