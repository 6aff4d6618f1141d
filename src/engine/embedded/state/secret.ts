import { createCipheriv, createDecipheriv, createHash, pbkdf2, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { Refusal } from './refusal';

const derive = promisify(pbkdf2);
const ITERATIONS = 1_000_000;
const CHECK_TEXT = 'pulumi';
const KEYS_KEPT = 64;

/** Derived keys, the only thing that outlives an operation: one derivation costs 0.2 s of CPU. Named by a hash, never by the passphrase. */
const keys = new Map<string, Promise<Buffer>>();

/** Keys by name, in base64: for processes that work on the same stacks, never for a file. */
export type DerivedKeys = Readonly<Record<string, string>>;

let tell: (derived: DerivedKeys) => void = () => {};

/** Tells of every key that this process derives, as soon as it is there. */
export function tellKeys(to: (derived: DerivedKeys) => void): void {
  tell = to;
}

/** Spares this process deriving what another one derived. */
export function adoptKeys(derived: DerivedKeys): void {
  for (const [name, key] of Object.entries(derived))
    if (!keys.has(name)) keys.set(name, Promise.resolve(Buffer.from(key, 'base64')));
}

/** Encrypts and decrypts under one salt and passphrase; values look like `v1:<nonce>:<ciphertext and tag>`, both base64. */
export class Crypter {
  constructor(
    /** As the stack file and the checkpoint hold it: `v1:<salt>:v1:<nonce>:<ciphertext of "pulumi">`. */
    readonly salt: string,
    private readonly key: Buffer,
  ) {}

  encrypt(plaintext: string): string {
    return seal(this.key, plaintext);
  }

  /** Throws a Refusal where the value was not encrypted under this key. */
  decrypt(ciphertext: string): string {
    return unseal(this.key, ciphertext);
  }
}

/** Opens the salt of an existing stack; a Refusal with the real CLI's words where the passphrase does not fit. */
export async function openCrypter(passphrase: string, salt: string): Promise<Crypter> {
  const [version, bytes, ...check] = salt.split(':');
  if (version !== 'v1' || bytes === undefined || check.length !== 3)
    throw new Refusal('malformed state string');
  const key = await keyOf(passphrase, bytes);
  try {
    if (unseal(key, check.join(':')) === CHECK_TEXT) return new Crypter(salt, key);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  throw new Refusal(
    'incorrect passphrase, please set PULUMI_CONFIG_PASSPHRASE to the correct passphrase or set PULUMI_CONFIG_PASSPHRASE_FILE to a file containing the passphrase',
  );
}

/** A fresh salt for a new stack. */
export async function newCrypter(passphrase: string): Promise<Crypter> {
  const bytes = randomBytes(8).toString('base64');
  const key = await keyOf(passphrase, bytes);
  return new Crypter(`v1:${bytes}:${seal(key, CHECK_TEXT)}`, key);
}

/** The passphrase the environment names; empty is a passphrase, absent is a Refusal. */
export function passphraseOf(env: Readonly<Record<string, string | undefined>>): string {
  const given = env['PULUMI_CONFIG_PASSPHRASE'];
  if (given !== undefined) return given;
  const file = env['PULUMI_CONFIG_PASSPHRASE_FILE'];
  if (file === undefined || file === '') {
    throw new Refusal(
      'passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables',
    );
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Refusal(
      `unable to read PULUMI_CONFIG_PASSPHRASE_FILE: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function keyOf(passphrase: string, salt: string): Promise<Buffer> {
  const name = createHash('sha256').update(`${salt}\0${passphrase}`).digest('base64');
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = derive(passphrase, Buffer.from(salt, 'base64'), ITERATIONS, 32, 'sha256');
  keys.set(name, key);
  key.then(
    (bytes) => tell({ [name]: bytes.toString('base64') }),
    () => {}, // Whoever asked for the key is told.
  );
  const oldest = keys.keys().next().value;
  if (keys.size > KEYS_KEPT && oldest !== undefined) keys.delete(oldest);
  return key;
}

function seal(key: Buffer, plaintext: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString('base64')}:${sealed.toString('base64')}`;
}

function unseal(key: Buffer, text: string): string {
  const [version, nonce, sealed] = text.split(':');
  if (version !== 'v1' || nonce === undefined || sealed === undefined)
    throw new Refusal('unrecognized encrypted value');
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < 16) throw new Refusal('unrecognized encrypted value');
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'));
  decipher.setAuthTag(bytes.subarray(-16));
  try {
    return decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    throw new Refusal('failed to decrypt: cipher: message authentication failed');
  }
}
