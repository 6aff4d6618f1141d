import type { Finding } from '../finding';
import type { Leaf } from '../tree';
import { show } from '../wording';
import { type JsonSchema, keyword } from './component-schema';

/** Lengths, patterns and formats of text; bounds of numbers. */
export function* scalarFindings(schema: JsonSchema, leaf: Leaf): Iterable<Finding> {
  const { value } = leaf;
  if (typeof value === 'string') yield* textFindings(schema, leaf, value);
  if (typeof value === 'number') yield* numberFindings(schema, leaf, value);
}

/** Texts longer than this are not run through a pattern: nothing a person writes as an input needs it. */
const longestMatched = 10_000;

function* textFindings(schema: JsonSchema, leaf: Leaf, value: string): Iterable<Finding> {
  const at = leaf.place;
  const [least, most] = [numberAt(schema, 'minLength'), numberAt(schema, 'maxLength')];
  const length = [...value].length;
  if (least !== undefined && length < least)
    yield value === ''
      ? { at, message: 'the text is empty' }
      : { at, message: `${show(leaf)} is too short`, remedy: `at least ${least} characters` };
  if (most !== undefined && length > most)
    yield { at, message: `${show(leaf)} is too long`, remedy: `at most ${most} characters` };
  const format = keyword(schema, 'format');
  const pattern = keyword(schema, 'pattern');
  if (typeof pattern === 'string' && !matches(pattern, value))
    yield typeof format === 'string'
      ? { at, message: `${show(leaf)} is not ${formatWords(format)}` }
      : { at, message: `${show(leaf)} does not match ${pattern.slice(0, 80)}`, remedy: said(schema) };
  else if (format === 'uri' && !URL.canParse(value)) yield { at, message: `${show(leaf)} is not a URL` };
}

/** What the component says of the input: a pattern alone tells a person little. */
function said(schema: JsonSchema): string | undefined {
  const description = keyword(schema, 'description');
  return typeof description === 'string' ? description.slice(0, 120) : undefined;
}

function matches(pattern: string, value: string): boolean {
  if (value.length > longestMatched) return false;
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return matchesLoosely(pattern, value);
  }
}

/** zod writes some patterns that only the older grammar reads; one that neither reads says nothing. */
function matchesLoosely(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern).test(value);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return true;
  }
}

function formatWords(format: string): string {
  const words: Readonly<Record<string, string>> = {
    cidrv4: 'an IPv4 range such as 10.0.0.0/16',
    cidrv6: 'an IPv6 range',
    ipv4: 'an IPv4 address',
    ipv6: 'an IPv6 address',
    email: 'an e-mail address',
    uri: 'a URL',
    uuid: 'a UUID',
    date: 'a date such as 2027-01-31',
    'date-time': 'an instant such as 2027-01-31T12:00:00Z',
  };
  return words[format] ?? format;
}

function* numberFindings(schema: JsonSchema, leaf: Leaf, value: number): Iterable<Finding> {
  const [least, more] = [numberAt(schema, 'minimum'), numberAt(schema, 'exclusiveMinimum')];
  const [most, less] = [numberAt(schema, 'maximum'), numberAt(schema, 'exclusiveMaximum')];
  const multiple = numberAt(schema, 'multipleOf');
  const at = leaf.place;
  if (least !== undefined && value < least)
    yield { at, message: `${show(leaf)} is too small`, remedy: `at least ${least}` };
  if (more !== undefined && value <= more)
    yield { at, message: `${show(leaf)} is too small`, remedy: `more than ${more}` };
  if (most !== undefined && value > most)
    yield { at, message: `${show(leaf)} is too big`, remedy: `at most ${most}` };
  if (less !== undefined && value >= less)
    yield { at, message: `${show(leaf)} is too big`, remedy: `less than ${less}` };
  // Decimal steps such as 0.1 do not divide exactly in binary.
  const steps = multiple === undefined || multiple === 0 ? 0 : value / multiple;
  if (Math.abs(steps - Math.round(steps)) > 1e-9)
    yield { at, message: `${show(leaf)} is not a multiple of ${multiple}` };
}

function numberAt(schema: JsonSchema, name: string): number | undefined {
  const value = keyword(schema, name);
  return typeof value === 'number' ? value : undefined;
}
