import { describeNumber } from './number';
import { SECRET, SIGNATURE, UNKNOWN, type Wire, type WireObject } from './provider';
import { nameOf, typeOf } from './urn';

/** Signatures of the other special values of the wire form. Source: sdk/nodejs/runtime/rpc.ts of Pulumi. */
export const OUTPUT = 'd0e6a833031e9bbcd3f4e8bde6ca49a4';
export const RESOURCE = '5cf8f73096256a8f31e491e813e4eb8e';
export const ASSET = 'c44067f5952c0a294b673a41bacd8c17';
export const ARCHIVE = '0def7320c3a5731c473e5ecbe6d01bc7';

/** An object or array; a value of any other kind is a leaf. */
export function isObject(value: Wire | undefined): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A plain object: none of the special values that carry a signature. */
export function isPlain(value: Wire | undefined): value is WireObject {
  return isObject(value) && !(SIGNATURE in value);
}

export function isSecret(value: Wire | undefined): value is WireObject {
  return isObject(value) && value[SIGNATURE] === SECRET;
}

export function isAsset(value: Wire | undefined): value is WireObject {
  return isObject(value) && (value[SIGNATURE] === ASSET || value[SIGNATURE] === ARCHIVE);
}

function isOutput(value: Wire | undefined): value is WireObject {
  return isObject(value) && value[SIGNATURE] === OUTPUT;
}

/** The value as a secret; one that is a secret already stays as it is. */
export function secret(value: Wire): WireObject {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** The value without the secrets and output values around or within it. */
export function reveal(value: Wire): Wire {
  if (isSecret(value)) return reveal(value['value'] ?? null);
  if (isOutput(value)) return 'value' in value ? reveal(value['value'] ?? null) : UNKNOWN;
  if (Array.isArray(value)) return value.map(reveal);
  if (isObject(value)) return mapValues(value, reveal);
  return value;
}

export function revealAll(values: WireObject): WireObject {
  return mapValues(values, reveal);
}

/** The value with the mark of a secret in place of each: for messages that the real engine blinds itself. */
export function redactSecrets(value: Wire): Wire {
  if (isSecret(value)) return '[secret]';
  if (Array.isArray(value)) return value.map(redactSecrets);
  if (isPlain(value)) return mapValues(value, redactSecrets);
  return value;
}

export function hasUnknowns(value: Wire | undefined): boolean {
  return some(value, (part) => part === UNKNOWN || (isOutput(part) && !('value' in part)));
}

export function hasSecrets(value: Wire | undefined): boolean {
  return some(value, isSecret);
}

function some(value: Wire | undefined, test: (part: Wire) => boolean): boolean {
  if (value === undefined) return false;
  if (test(value)) return true;
  if (Array.isArray(value)) return value.some((part) => some(part, test));
  if (isObject(value)) {
    for (const key in value) if (some(value[key], test)) return true;
  }
  return false;
}

/** The values without those that are not known, at any depth. Of an unknown secret only that it is one is left. */
export function withoutUnknowns(values: WireObject): WireObject {
  const known = (value: Wire): Wire => {
    if (Array.isArray(value)) return value.filter(isKnown).map(known);
    return isObject(value) ? withoutUnknowns(value) : value;
  };
  const isKnown = (value: Wire): boolean => value !== UNKNOWN;
  return mapValues(Object.fromEntries(Object.entries(values).filter(([, value]) => isKnown(value))), known);
}

export function mapValues(values: WireObject, change: (value: Wire, key: string) => Wire): WireObject {
  const changed: WireObject = {};
  for (const key in values) {
    const value = values[key];
    if (value !== undefined) changed[key] = change(value, key);
  }
  return changed;
}

/**
 * Equality as the engine means it: the order of keys does not count, nor does a key with nothing in it; assets are what their
 * hash says (without one they equal nothing), references to resources what their URN and id say.
 */
export function equal(left: Wire | undefined, right: Wire | undefined): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((value, index) => equal(value, right[index]))
    );
  }
  if (!isObject(left) || !isObject(right)) return false;
  if (left[SIGNATURE] === RESOURCE && right[SIGNATURE] === RESOURCE) {
    return left['urn'] === right['urn'] && left['id'] === right['id'];
  }
  if (isAsset(left) && left[SIGNATURE] === right[SIGNATURE]) {
    return left['hash'] !== undefined && left['hash'] === right['hash'];
  }
  for (const key in left) if (!equal(left[key] ?? null, right[key] ?? null)) return false;
  for (const key in right) if (!(key in left) && (right[key] ?? null) !== null) return false;
  return true;
}

/** Output values as the plain, unknown or secret values they stand for: what a custom resource's inputs hold. */
export function settleOutputs(value: Wire): Wire {
  if (isOutput(value)) {
    const settled = 'value' in value ? settleOutputs(value['value'] ?? null) : UNKNOWN;
    return value['secret'] === true ? secret(settled) : settled;
  }
  if (Array.isArray(value)) return value.map(settleOutputs);
  if (isObject(value)) return mapValues(value, settleOutputs);
  return value;
}

/** Adds the URNs that the output values within name. */
export function collectDependencies(value: Wire, into: Set<string>): void {
  if (isOutput(value) && Array.isArray(value['dependencies'])) {
    for (const urn of value['dependencies']) if (typeof urn === 'string') into.add(urn);
  }
  if (Array.isArray(value)) for (const part of value) collectDependencies(part, into);
  else if (isObject(value)) for (const key in value) collectDependencies(value[key] ?? null, into);
}

/** Outputs whose input of the same name is or holds a secret become secrets: for what knows nothing of secrets. */
export function annotateSecrets(outputs: WireObject, inputs: WireObject): WireObject {
  const annotated = { ...outputs };
  for (const key in inputs) {
    const input = inputs[key];
    const output = annotated[key];
    if (input === undefined || output === undefined) continue;
    if (isPlain(output) && isPlain(input)) annotated[key] = annotateSecrets(output, input);
    else if (hasSecrets(input)) annotated[key] = secret(output);
  }
  return annotated;
}

/** Assets and archives by their hash alone: all that a provider needs to compare them. */
export function elideAssets(value: Wire): Wire {
  if (isAsset(value)) {
    const kept: WireObject = {};
    for (const key of [SIGNATURE, 'hash']) if (value[key] !== undefined) kept[key] = value[key];
    return kept;
  }
  if (Array.isArray(value)) return value.map(elideAssets);
  if (isObject(value)) return mapValues(value, elideAssets);
  return value;
}

/** A value as people see it in a message: secrets hidden, unknowns named. The form is that of the real engine. */
export function describe(value: Wire | undefined): string {
  if (value === undefined || value === null) return '{<nil>}';
  if (value === UNKNOWN) return 'output<string>{}';
  // The real engine's message shows it open; whoever tells the message further blinds it.
  if (isSecret(value)) return `{&{${describe(value['value'])}}}`;
  if (isObject(value) && value[SIGNATURE] === RESOURCE) {
    const [urn, id] = [String(value['urn']), value['id'] === '' ? UNKNOWN : value['id']];
    return `{{${urn} ${nameOf(urn)} ${typeOf(urn)} ${describe(id)} ${value['packageVersion'] ?? ''}}}`;
  }
  if (isAsset(value)) {
    const content = value[SIGNATURE] === ARCHIVE ? describeAssets(value['assets']) : value['text'];
    const parts = [value[SIGNATURE], value['hash'], content, value['path'], value['uri']];
    return `{&{${parts.map((part) => part ?? '').join(' ')}}}`;
  }
  return `{${describeInner(value)}}`;
}

/** The real engine names them and tells where in its memory they are. */
function describeAssets(assets: Wire | undefined): string {
  const names = isObject(assets) ? Object.keys(assets).sort() : [];
  return `map[${names.map((name) => `${name}:0xc000000000`).join(' ')}]`;
}

function describeInner(value: Wire | undefined): string {
  if (Array.isArray(value)) return `[${value.map(describe).join(' ')}]`;
  if (isObject(value)) {
    const parts = Object.keys(value)
      .sort()
      .map((key) => `${key}:${describe(value[key])}`);
    return `map[${parts.join(' ')}]`;
  }
  return typeof value === 'number' ? describeNumber(value) : String(value);
}
