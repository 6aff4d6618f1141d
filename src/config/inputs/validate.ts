import type { Finding } from '../finding';
import { didYouMean } from '../suggest';
import { type Place, plain, type Tree } from '../tree';
import { either, quote, show } from '../wording';
import { isMap, isSchema, type JsonSchema, keyword } from './component-schema';
import { referenceOf } from './references';
import { scalarFindings } from './scalar';

interface Context {
  readonly root: JsonSchema;
  readonly depth: number;
}

/** Judges a value against a component's schema. References stand for anything, wherever they are. */
export function validate(schema: JsonSchema, tree: Tree, at: Place): readonly Finding[] {
  return [...check(schema, tree, at, { root: schema, depth: 0 })];
}

function* check(schema: JsonSchema, tree: Tree, head: Place, context: Context): Iterable<Finding> {
  if (schema === true || context.depth > 100 || referenceOf(tree)) return;
  if (schema === false) {
    yield { at: tree.place, message: `${show(tree)} cannot stand here` };
    return;
  }
  const deeper = { root: context.root, depth: context.depth + 1 };
  const target = referenced(keyword(schema, '$ref'), context.root);
  if (target !== undefined) yield* check(target, tree, head, deeper);
  const types = typesOf(schema);
  if (types.length > 0 && !types.some((type) => fits(type, tree))) {
    yield unquoted(types, tree) ?? {
      at: tree.place,
      message: `${show(tree)} is not ${either(types.map(typeWords))}`,
    };
    return;
  }
  yield* literals(schema, tree);
  yield* combined(schema, tree, head, deeper);
  if (tree.kind === 'leaf') yield* scalarFindings(schema, tree);
  else if (tree.kind === 'list') yield* items(schema, tree.items, tree.place, deeper);
  else yield* properties(schema, tree, head, deeper);
}

/** `#` and `#/definitions/x` only: that is all a schema of one file needs. */
function referenced(ref: unknown, root: JsonSchema): JsonSchema | undefined {
  if (typeof ref !== 'string' || !ref.startsWith('#')) return undefined;
  let found: unknown = root;
  for (const part of ref.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    found = isMap(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return isSchema(found) ? found : undefined;
}

function typesOf(schema: JsonSchema): readonly string[] {
  const type = keyword(schema, 'type');
  return (Array.isArray(type) ? type : [type]).filter((each) => typeof each === 'string');
}

function fits(type: string, tree: Tree): boolean {
  if (tree.kind === 'list') return type === 'array';
  if (tree.kind === 'branch') return type === 'object';
  if (tree.value === null) return type === 'null';
  if (type === 'integer') return Number.isInteger(tree.value);
  return type === typeof tree.value;
}

/** Text that YAML reads as something else for want of quotes, such as `0o7`. */
function unquoted(types: readonly string[], tree: Tree): Finding | undefined {
  if (!types.includes('string') || tree.kind !== 'leaf' || tree.value === null) return undefined;
  const kind = typeof tree.value === 'number' ? 'a number' : 'true or false';
  return {
    at: tree.place,
    message: `${show(tree)} is ${kind}, not ${either(types.map(typeWords))}`,
    remedy: `quote it: "${tree.source}"`,
  };
}

function typeWords(type: string): string {
  const words: Readonly<Record<string, string>> = {
    string: 'text',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map',
    null: 'nothing',
  };
  return words[type] ?? type;
}

function* literals(schema: JsonSchema, tree: Tree): Iterable<Finding> {
  const constant = keyword(schema, 'const');
  const listed = keyword(schema, 'enum');
  const allowed: readonly unknown[] | undefined =
    constant !== undefined ? [constant] : Array.isArray(listed) ? listed : undefined;
  if (!allowed) return;
  const written = JSON.stringify(plain(tree));
  if (allowed.some((value) => JSON.stringify(value) === written)) return;
  const words = allowed.filter((value) => typeof value === 'string');
  const text = tree.kind === 'leaf' && typeof tree.value === 'string' ? tree.value : '';
  const message = `${show(tree)} is not ${either(allowed.slice(0, 20).map((value) => String(value)))}`;
  yield { at: tree.place, message, remedy: didYouMean(text, words) };
}

function* combined(schema: JsonSchema, tree: Tree, head: Place, context: Context): Iterable<Finding> {
  for (const each of schemas(keyword(schema, 'allOf'))) yield* check(each, tree, head, context);
  const options = [...schemas(keyword(schema, 'anyOf')), ...schemas(keyword(schema, 'oneOf'))];
  if (options.length > 0) {
    const answers = options.map((option) => ({ option, findings: [...check(option, tree, head, context)] }));
    if (answers.every(({ findings }) => findings.length > 0)) yield* nearestAnswer(answers, tree);
  }
  const not = keyword(schema, 'not');
  if (isSchema(not) && [...check(not, tree, head, context)].length === 0)
    yield { at: tree.place, message: `${show(tree)} is not allowed here` };
}

/** The option the writer most likely meant: of the right type, and with the fewest things wrong. */
function nearestAnswer(
  answers: readonly { readonly option: JsonSchema; readonly findings: readonly Finding[] }[],
  tree: Tree,
): readonly Finding[] {
  const typed = answers.filter(({ option }) => {
    const types = typesOf(option);
    return types.length === 0 || types.some((type) => fits(type, tree));
  });
  const types = [...new Set(answers.flatMap(({ option }) => typesOf(option)))];
  if (typed.length === 0 && types.length > 0)
    return [{ at: tree.place, message: `${show(tree)} is not ${either(types.map(typeWords))}` }];
  const sorted = [...typed].sort((a, b) => a.findings.length - b.findings.length);
  return sorted[0]?.findings ?? [{ at: tree.place, message: `${show(tree)} does not fit here` }];
}

function* items(schema: JsonSchema, list: readonly Tree[], at: Place, context: Context): Iterable<Finding> {
  const [least, most] = [keyword(schema, 'minItems'), keyword(schema, 'maxItems')];
  if (typeof least === 'number' && list.length < least)
    yield { at, message: `the list has ${list.length} items`, remedy: `at least ${least}` };
  if (typeof most === 'number' && list.length > most)
    yield { at, message: `the list has ${list.length} items`, remedy: `at most ${most}` };
  const each = keyword(schema, 'items');
  const heads = schemas(each);
  const rest = Array.isArray(each) ? keyword(schema, 'additionalItems') : each;
  for (const [index, item] of list.entries()) {
    const own = heads[index] ?? rest;
    if (isSchema(own)) yield* check(own, item, item.place, context);
  }
}

function* properties(
  schema: JsonSchema,
  tree: Tree & { readonly kind: 'branch' },
  head: Place,
  context: Context,
): Iterable<Finding> {
  const known = keyword(schema, 'properties');
  const declared = isMap(known) ? known : {};
  const required = keyword(schema, 'required');
  for (const key of Array.isArray(required) ? required : [])
    if (typeof key === 'string' && !tree.entries.has(key))
      yield { at: head, message: `${quote(key)} is missing` };
  const names = keyword(schema, 'propertyNames');
  const rest = keyword(schema, 'additionalProperties');
  for (const [key, entry] of tree.entries) {
    const own = Object.hasOwn(declared, key) ? declared[key] : undefined;
    if (isSchema(names)) yield* check(names, keyLeaf(key, entry.key), entry.key, context);
    if (isSchema(own)) yield* check(own, entry.value, entry.key, context);
    else if (rest === false) {
      const remedy = didYouMean(key, Object.keys(declared), 'inputs');
      yield { at: entry.key, message: `${quote(key)} is not an input here`, remedy };
    } else if (isSchema(rest)) yield* check(rest, entry.value, entry.key, context);
  }
}

const keyLeaf = (key: string, place: Place): Tree => ({ kind: 'leaf', value: key, source: key, place });
const schemas = (value: unknown): readonly JsonSchema[] =>
  Array.isArray(value) ? value.filter((each) => isSchema(each)) : [];
