import { readNumber, writeNumber } from '../number';
import { SECRET, SIGNATURE, type Wire, type WireObject } from '../provider';
import { Refusal } from './refusal';
import type { Crypter } from './secret';

/** How secrets are written: encrypted, in plain text (export), or as the word `[secret]`. */
export type Sealing =
  | { readonly as: 'ciphertext'; readonly crypter: Crypter }
  | { readonly as: 'plaintext' }
  | { readonly as: 'blinded' }
  | { readonly as: 'bare' };

/** A property value in the form a checkpoint or a person reads. Keys are sorted, as the real CLI sorts them. */
export function seal(value: Wire, sealing: Sealing): Wire {
  if (Array.isArray(value)) return value.map((item) => seal(item, sealing));
  if (typeof value === 'number') return writeNumber(value);
  if (value === null || typeof value !== 'object') return value;
  if (value[SIGNATURE] === SECRET) return sealSecret(value, sealing);
  const sealed: WireObject = {};
  for (const key of Object.keys(value).sort()) sealed[key] = seal(value[key] ?? null, sealing);
  return sealed;
}

/** The value as the engine works with it: secrets are `{[SIGNATURE]: SECRET, value}`. Without a crypter, ciphertexts are a Refusal. */
export function unseal(value: Wire, crypter: Crypter | undefined): Wire {
  if (Array.isArray(value)) return value.map((item) => unseal(item, crypter));
  if (value === null || typeof value !== 'object') return value;
  if (value[SIGNATURE] === SECRET) {
    return { [SIGNATURE]: SECRET, value: unseal(JSON.parse(plaintextOf(value, crypter)), crypter) };
  }
  const number = readNumber(value);
  if (number !== undefined) return number;
  const plain: WireObject = {};
  for (const [key, item] of Object.entries(value)) plain[key] = unseal(item, crypter);
  return plain;
}

/** The value with nothing in its secrets. */
export function withoutSecrets(value: Wire): Wire {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === null || typeof value !== 'object') return value;
  if (value[SIGNATURE] === SECRET) return { [SIGNATURE]: SECRET, value: null };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}

function sealSecret(secret: WireObject, sealing: Sealing): Wire {
  const value = secret['value'] ?? null;
  switch (sealing.as) {
    case 'ciphertext':
      return {
        [SIGNATURE]: SECRET,
        // What lies within is encrypted with it; as the real CLI, only a note says that it is secret by itself.
        ciphertext: sealing.crypter.encrypt(JSON.stringify(seal(value, { as: 'plaintext' }))),
      };
    case 'plaintext':
      return { [SIGNATURE]: SECRET, plaintext: JSON.stringify(seal(value, sealing)) };
    case 'blinded':
      return '[secret]';
    case 'bare':
      return seal(value, sealing);
  }
}

function plaintextOf(secret: WireObject, crypter: Crypter | undefined): string {
  const { plaintext, ciphertext } = secret;
  if (typeof plaintext === 'string') return plaintext;
  if (typeof ciphertext !== 'string') throw new Refusal('malformed secret value: missing ciphertext');
  if (crypter === undefined) {
    throw new Refusal('the state holds an encrypted value, but names no secrets provider');
  }
  return crypter.decrypt(ciphertext);
}
