import { COMMANDS } from './commands';

/** What the words of a command line say of commands. */
export interface Named {
  /** The command, as far as it is one: `['vendor', 'pull']`, `['vendor']`, `[]`. */
  readonly path: readonly string[];
  /** The word that stands where a command should, and is none. */
  readonly unknown?: string;
}

export function commandIn(words: readonly string[]): Named {
  const [first, second] = beforeOptions(words);
  if (first === undefined) return { path: [] };
  if (COMMANDS.some(({ name, group }) => !group && name === first)) return { path: [first] };
  const below = COMMANDS.filter(({ group }) => group?.[0] === first);
  if (below.length === 0) return { path: [], unknown: first };
  if (second === undefined) return { path: [first] };
  return below.some(({ name }) => name === second)
    ? { path: [first, second] }
    : { path: [first], unknown: second };
}

/**
 * `help promote` is `promote --help`. Help on a command that is none would be help on everything and exit code 0: without the
 * option it is refused by name.
 */
export function withHelp(argv: readonly string[]): readonly string[] {
  const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
  if (commandIn(words).unknown === undefined) return words;
  return words.filter((word) => word !== '--help' && word !== '-h');
}

/** The command whose help tells what is right, where parsing ended with this message. */
export function helpCommand(words: readonly string[], message: string): string {
  const { path, unknown } = commandIn(words);
  const meant = unknown === undefined ? undefined : /\(Did you mean (\S+)\?\)/.exec(message)?.[1];
  return ['signalbox', ...path, ...(meant === undefined ? [] : [meant]), '--help'].join(' ');
}

/** The words before the first option that belongs to a command. */
function beforeOptions(words: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--cwd') index += 1;
    else if (word !== '--json' && !word.startsWith('--cwd=')) {
      if (word.startsWith('-')) break;
      found.push(word);
    }
  }
  return found;
}
