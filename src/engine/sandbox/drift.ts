import type { Fault } from '../../core/project';
import { type PropertyPath, parsePath } from '../embedded/path';
import type { Wire, WireObject } from '../embedded/provider';
import { isPlain } from '../embedded/wire';
import type { Made, Resource } from './resource';
import { schemaOf } from './schema';

/** A resource as somebody left it who changed one property by hand: its outputs, and its inputs where it is one of them. */
export function drifted(
  { type, inputs, outputs }: Resource,
  { property, value }: NonNullable<Fault['drift']>,
): Pick<Made, 'inputs' | 'outputs'> {
  const path = parsePath(property) ?? [];
  const isInput = schemaOf(type)?.get(String(path[0]))?.isInput ?? true;
  const change = (values: WireObject): WireObject => {
    const changed = changedAt(values, path, value as Wire);
    return isPlain(changed) ? changed : values;
  };
  return { inputs: isInput ? change(inputs) : inputs, outputs: change(outputs) };
}

/** With `value` at the path, and without what is there where it is null; a path that leads nowhere is made. */
function changedAt(holder: Wire | undefined, path: PropertyPath, value: Wire): Wire {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof key === 'number') {
    const list = Array.isArray(holder) ? [...holder] : [];
    if (rest.length === 0 && value === null) list.splice(key, 1);
    else list[Math.min(key, list.length)] = changedAt(list[key], rest, value);
    return list;
  }
  const { [key]: inner, ...others } = isPlain(holder) ? holder : {};
  return rest.length === 0 && value === null ? others : { ...others, [key]: changedAt(inner, rest, value) };
}
