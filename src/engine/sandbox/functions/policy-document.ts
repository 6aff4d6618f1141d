import type { Wire, WireObject } from '../../embedded/provider';
import { digest } from '../overlay/overlay';
import { type Answer, written } from './answer';

/** The JSON of a policy, in the order and form in which the real function writes it. */
export const policyDocument: Answer = ({ args }) => {
  const statements = Array.isArray(args['statements']) ? args['statements'] : [];
  const document = {
    Version: written(args, 'version') ?? '2012-10-17',
    ...(written(args, 'policyId') === undefined ? {} : { Id: args['policyId'] }),
    Statement: statements.map(statement),
  };
  const json = JSON.stringify(document, null, 2);
  return { ...args, id: digest(10, json), json, minifiedJson: JSON.stringify(document) };
};

function statement(given: Wire): Record<string, unknown> {
  const from = typeof given === 'object' && given !== null && !Array.isArray(given) ? given : {};
  const written: Record<string, unknown> = {};
  const put = (key: string, value: unknown): void => {
    if (value !== undefined) written[key] = value;
  };
  put('Sid', from['sid'] === null ? undefined : from['sid']);
  put('Effect', from['effect'] ?? 'Allow');
  for (const [key, name] of [
    ['actions', 'Action'],
    ['notActions', 'NotAction'],
    ['resources', 'Resource'],
    ['notResources', 'NotResource'],
  ] as const) {
    put(name, single(from[key]));
  }
  put('Principal', principals(from['principals']));
  put('NotPrincipal', principals(from['notPrincipals']));
  put('Condition', conditions(from['conditions']));
  return written;
}

function single(list: Wire | undefined): Wire | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  return list.length === 1 ? list[0] : [...list].map(String).sort();
}

function principals(list: Wire | undefined): unknown {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const byType: Record<string, Wire | undefined> = {};
  for (const each of list as WireObject[]) byType[String(each['type'])] = single(each['identifiers']);
  return byType['*'] === '*' ? '*' : byType;
}

function conditions(list: Wire | undefined): unknown {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const byTest: Record<string, Record<string, Wire | undefined>> = {};
  for (const each of list as WireObject[]) {
    const test = String(each['test']);
    byTest[test] = { ...byTest[test], [String(each['variable'])]: single(each['values']) };
  }
  return byTest;
}
