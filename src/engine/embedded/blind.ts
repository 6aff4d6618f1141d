import { writeNumber } from './number';
import { SECRET, SIGNATURE, type Wire, type WireObject } from './provider';
import { ARCHIVE, ASSET, isObject, isSecret, mapValues } from './wire';

/** How values are shown: secrets as `[secret]` or as plain text, and what `mask` makes of any other text. */
export interface Blinding {
  readonly showSecrets: boolean;
  mask(text: string): string;
}

/** Properties as an event shows them, text assets without their text. */
export function blind(values: WireObject | undefined, blinding: Blinding): WireObject {
  return values ? mapValues(values, (value) => blindValue(value, blinding)) : {};
}

function blindValue(value: Wire, blinding: Blinding): Wire {
  if (typeof value === 'string') return blinding.mask(value);
  if (typeof value === 'number') return writeNumber(value);
  if (isSecret(value)) {
    return !blinding.showSecrets
      ? { [SIGNATURE]: SECRET, ciphertext: '[secret]' }
      : { [SIGNATURE]: SECRET, plaintext: JSON.stringify(blindValue(value['value'] ?? null, blinding)) };
  }
  if (Array.isArray(value)) return value.map((part) => blindValue(part, blinding));
  if (!isObject(value)) return value;
  const fields: WireObject = value;
  if (fields[SIGNATURE] === ASSET) {
    return isText(fields) ? { ...fields, text: '<contents elided>' } : fields;
  }
  if (fields[SIGNATURE] === ARCHIVE) {
    const { assets } = fields;
    if (!isObject(assets)) return fields;
    return { ...fields, assets: mapValues(assets, (part) => blindValue(part, blinding)) };
  }
  return mapValues(fields, (part) => blindValue(part, blinding));
}

/** Of an asset without content only the hash of nothing says that it is an empty text. */
function isText({ text, path, uri, hash }: WireObject): boolean {
  if (path !== undefined || uri !== undefined) return false;
  return text !== undefined || hash === undefined || hash === EMPTY;
}

/** The SHA-256 of no bytes. */
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
