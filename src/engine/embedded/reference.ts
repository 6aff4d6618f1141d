import { SIGNATURE, UNKNOWN, type Wire, type WireObject } from './provider';
import { nameOf, typeOf } from './urn';
import { isObject, mapValues, RESOURCE } from './wire';

/**
 * References to resources as the engine keeps them: an id that is not known yet is empty, components have none, and a
 * version is always there. What else a program or a provider says of them goes.
 */
export function keepReferences(value: Wire): Wire {
  return mapReferences(value, ({ urn = '', id, packageVersion = '' }) => ({
    [SIGNATURE]: RESOURCE,
    urn,
    ...(id === undefined ? {} : { id: id === UNKNOWN ? '' : id }),
    packageVersion,
  }));
}

/** The same as providers see them: with name and type, without an empty version. */
export function showReferences(value: Wire): Wire {
  return mapReferences(value, ({ packageVersion, ...reference }) => {
    const urn = String(reference['urn'] ?? '');
    const version = packageVersion === undefined || packageVersion === '' ? {} : { packageVersion };
    return { ...reference, ...version, name: nameOf(urn), type: typeOf(urn) };
  });
}

/** The same for whoever knows no references: the id, where there is one, else the URN. */
export function plainReferences(value: Wire): Wire {
  return mapReferences(value, ({ urn = '', id }) => (id === '' ? UNKNOWN : (id ?? urn)));
}

/** Changes every reference to a resource within a value. */
export function mapReferences(value: Wire, change: (reference: WireObject) => Wire): Wire {
  if (Array.isArray(value)) return value.map((part) => mapReferences(part, change));
  if (!isObject(value)) return value;
  if (value[SIGNATURE] === RESOURCE) return change(value);
  return mapValues(value, (part) => mapReferences(part, change));
}
