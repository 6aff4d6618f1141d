import { SECRET, SIGNATURE, UNKNOWN, type Wire, type WireObject } from '../embedded/provider';
import { isPlain, isSecret, mapValues, secret } from '../embedded/wire';

/** What stands in the sandbox's file for a secret: that there is one. */
const SEALED: WireObject = { [SIGNATURE]: SECRET };

/** Without the values of its secrets, and of the top-level properties named. */
export function seal(values: WireObject, sensitive: readonly string[] = []): WireObject {
  const sealed = mapValues(values, sealValue);
  for (const property of sensitive) if (sealed[property] !== undefined) sealed[property] = SEALED;
  return sealed;
}

function sealValue(value: Wire): Wire {
  if (isSecret(value)) return SEALED;
  if (Array.isArray(value)) return value.map(sealValue);
  return isPlain(value) ? mapValues(value, sealValue) : value;
}

/** With its secrets as `known` has them; those that it does not have are left out. */
export function unseal(sealed: WireObject, known: WireObject): WireObject {
  const opened: WireObject = {};
  for (const key of Object.keys(sealed)) {
    const value = unsealValue(sealed[key] ?? null, known[key]);
    if (value !== undefined) opened[key] = value;
  }
  return opened;
}

function unsealValue(value: Wire, known: Wire | undefined): Wire | undefined {
  if (isSecret(value)) return known;
  const inner = isSecret(known) ? known['value'] : known;
  if (Array.isArray(value)) {
    return value.map(
      (each, index) => unsealValue(each, Array.isArray(inner) ? inner[index] : undefined) ?? null,
    );
  }
  return isPlain(value) ? unseal(value, isPlain(inner) ? inner : {}) : value;
}

/** With the properties named as secrets. */
export function hide(values: WireObject, sensitive: readonly string[] = []): WireObject {
  const hidden = { ...values };
  for (const property of sensitive) {
    const value = hidden[property];
    if (value !== undefined && value !== null && value !== '') hidden[property] = secret(value);
  }
  return hidden;
}

/** With every text that was put together from a secret of the inputs as a secret. */
export function taint(outputs: WireObject, inputs: WireObject): WireObject {
  const secrets: string[] = [];
  collect(inputs, false, secrets);
  return secrets.length === 0 ? outputs : mapValues(outputs, (value) => tainted(value, secrets));
}

/** Shorter texts are in everything; they say too little to hide. */
const SHORTEST = 4;

function collect(value: Wire, isWithin: boolean, into: string[]): void {
  if (isSecret(value)) collect(value['value'] ?? null, true, into);
  else if (Array.isArray(value)) for (const each of value) collect(each, isWithin, into);
  else if (isPlain(value)) for (const key in value) collect(value[key] ?? null, isWithin, into);
  else if (isWithin && typeof value === 'string' && value.length >= SHORTEST && value !== UNKNOWN)
    into.push(value);
}

function tainted(value: Wire, secrets: readonly string[]): Wire {
  if (typeof value === 'string') {
    return secrets.some((each) => value.includes(each)) ? secret(value) : value;
  }
  if (Array.isArray(value)) return value.map((each) => tainted(each, secrets));
  return isPlain(value) ? mapValues(value, (each) => tainted(each, secrets)) : value;
}

/** A text that was put together from an unknown one is unknown itself. */
export function blur(value: Wire): Wire {
  if (typeof value === 'string') return value.includes(UNKNOWN) ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map(blur);
  return isPlain(value) ? mapValues(value, blur) : value;
}
