import { parseArgs } from 'node:util';
import { Refusal } from '../state/refusal';

/**
 * What a flag takes: nothing, a text that may be left out, one text, many texts. `refused` flags exist in the real CLI and
 * change what it does in a way this engine does not offer: they are named, never ignored.
 */
export type Flag = 'switch' | 'optional' | 'text' | 'texts' | 'refused switch' | 'refused text';
export type Flags = Readonly<Record<string, Flag>>;

/** What a verb accepts. */
export interface Syntax {
  readonly flags: Flags;
  /** Fewest and most words after the verb. */
  readonly words?: readonly [least: number, most: number];
}

/** A command line taken apart. */
export interface Arguments {
  readonly words: readonly string[];
  has(flag: string): boolean;
  text(flag: string): string | undefined;
  texts(flag: string): readonly string[];
  /** Every flag given, in order: `config set-all` needs to know which of its values came under which. */
  readonly inOrder: readonly { readonly flag: string; readonly text: string }[];
}

/** Flags that every command takes. Those that only change what is shown are read past. */
const GLOBAL: Flags = {
  'non-interactive': 'switch',
  color: 'text',
  logflow: 'switch',
  logtostderr: 'switch',
  verbose: 'text',
  tracing: 'text',
  'otel-traces': 'text',
  profiling: 'text',
  memprofilerate: 'text',
  debug: 'switch',
  emoji: 'switch',
  stack: 'text',
  yes: 'switch',
  'fully-qualify-stack-names': 'switch',
  'disable-integrity-checking': 'refused switch',
  cwd: 'refused text',
  remote: 'refused switch',
};

const SHORT: Readonly<Record<string, string>> = {
  '-s': '--stack',
  '-y': '--yes',
  '-j': '--json',
  '-C': '--cwd',
};

/**
 * What `PULUMI_OPTION_<FLAG>` variables add to a command line, before what it says itself: many texts are one line of CSV.
 * A Refusal for the one at which the real CLI breaks, whatever it is asked for.
 */
export function withEnvironment(
  given: readonly string[],
  { flags }: Syntax,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const added: string[] = [];
  for (const [name, flag] of Object.entries({ ...GLOBAL, ...flags })) {
    const value = env[`PULUMI_OPTION_${name.replaceAll('-', '_').toUpperCase()}`];
    if (value === undefined) continue;
    if (name === 'parallel')
      throw new Refusal('PULUMI_OPTION_PARALLEL is not supported: use PULUMI_PARALLEL');
    if (flag.endsWith('switch')) {
      if (/^(true|1)$/i.test(value)) added.push(`--${name}`);
    } else if (flag === 'texts') added.push(...fieldsOf(value).map((field) => `--${name}=${field}`));
    else added.push(`--${name}=${value}`);
  }
  return [...added, ...given];
}

function fieldsOf(line: string): string[] {
  if (line === '') return [];
  const fields = line.match(/"(?:[^"]|"")*"|[^,]+/g) ?? [];
  return fields.map((field) => field.replace(/^"|"$/g, '').replaceAll('""', '"'));
}

/** Takes a command line apart; a Refusal for a flag that the verb does not know or this engine does not support. */
export function parseArguments(verb: string, given: readonly string[], syntax: Syntax): Arguments {
  const flags: Flags = { ...GLOBAL, ...syntax.flags };
  const { tokens } = parseArgs({
    args: joinValues(given, flags),
    options: Object.fromEntries(
      Object.entries(flags).map(([name, flag]) => [
        name,
        { type: flag.endsWith('switch') ? ('boolean' as const) : ('string' as const), multiple: true },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  const inOrder: { flag: string; text: string }[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = flags[token.name];
    if (flag === undefined) throw new Refusal(`unknown flag: ${token.rawName}`);
    if (flag.startsWith('refused')) {
      throw new Refusal(`the embedded engine does not support ${token.rawName} (pulumi ${verb})`);
    }
    if (flag !== 'switch' && token.value === undefined)
      throw new Refusal(`flag needs an argument: ${token.rawName}`);
    inOrder.push({ flag: token.name, text: token.value ?? 'true' });
  }
  const [least, most] = syntax.words ?? [0, 0];
  if (words.length < least || words.length > most) {
    throw new Refusal(`pulumi ${verb} takes ${least} to ${most} arguments, got ${words.length}`);
  }
  return {
    words,
    inOrder,
    has: (name) => inOrder.some(({ flag }) => flag === name),
    text: (name) => inOrder.findLast(({ flag }) => flag === name)?.text,
    texts: (name) => inOrder.filter(({ flag }) => flag === name).map(({ text }) => text),
  };
}

/** Writes `--flag value` as `--flag=value`, so that a value may begin with a dash, and `--switch=false` away. */
function joinValues(given: readonly string[], flags: Flags): string[] {
  const joined: string[] = [];
  for (let index = 0; index < given.length; index += 1) {
    const word = given[index] ?? '';
    if (word === '--') return [...joined, ...given.slice(index)];
    const long = SHORT[word] ?? word;
    const [name = '', value] = splitFlag(long);
    const flag = flags[name];
    if (flag === undefined || !long.startsWith('--')) joined.push(long);
    else if (flag.endsWith('switch')) {
      if (value !== 'false') joined.push(`--${name}`);
    } else if (flag === 'optional') {
      joined.push(value === undefined ? `--${name}=true` : long);
    } else if (value === undefined && index + 1 < given.length) {
      index += 1;
      joined.push(`--${name}=${given[index]}`);
    } else joined.push(long);
  }
  return joined;
}

function splitFlag(word: string): [name: string, value?: string] {
  const end = word.indexOf('=');
  return end < 0 ? [word.slice(2)] : [word.slice(2, end), word.slice(end + 1)];
}
