import { SECRET, SIGNATURE, type Wire, type WireObject } from './provider';
import { ARCHIVE, ASSET, isObject, isSecret, mapValues } from './wire';

export type Blinding = 'hidden' | 'plain';

/** Properties as an event shows them: secrets as `[secret]` (or as plain text), text assets without their text. */
export function blind(values: WireObject | undefined, blinding: Blinding): WireObject {
  return values ? mapValues(values, (value) => blindValue(value, blinding)) : {};
}

function blindValue(value: Wire, blinding: Blinding): Wire {
  if (isSecret(value)) {
    return blinding === 'hidden'
      ? { [SIGNATURE]: SECRET, ciphertext: '[secret]' }
      : { [SIGNATURE]: SECRET, plaintext: JSON.stringify(blindValue(value['value'] ?? null, blinding)) };
  }
  if (Array.isArray(value)) return value.map((part) => blindValue(part, blinding));
  if (!isObject(value)) return value;
  const fields: WireObject = value;
  if (fields[SIGNATURE] === ASSET) {
    return 'text' in fields ? { ...fields, text: '<contents elided>' } : fields;
  }
  const { assets } = fields;
  if (fields[SIGNATURE] === ARCHIVE && isObject(assets)) {
    return { ...fields, assets: mapValues(assets, (part) => blindValue(part, blinding)) };
  }
  return mapValues(fields, (part) => blindValue(part, blinding));
}
