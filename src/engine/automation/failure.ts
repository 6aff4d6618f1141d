import { redact } from '../../core/redact';
import type { Diagnostic, Failure } from '../port';

/** Turns whatever the Automation API rejected with into a Failure. Events first; standard error speaks only where they are silent. */
export function failureOf(error: unknown, diagnostics: readonly Diagnostic[], aborted: boolean): Failure {
  const text = redact(error instanceof Error ? error.message : String(error));
  const said = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').map(withoutFrames);
  const message = said[0] ? firstOf(said[0]) : lineOf(text);
  if (aborted) return { kind: 'cancelled', message: 'cancelled', diagnostics: said };
  if (/currently locked by|Another update is currently in progress/.test(text)) {
    const [, who, since] = /created by (\S+ \(pid \d+\)) at (\S+)/.exec(text) ?? [];
    const holder = who && `the stack is locked by ${who} since ${since}`;
    return { kind: 'locked', message: holder ?? lineOf(text, /locked by|in progress/), diagnostics: said };
  }
  return { kind: 'failed', message, diagnostics: said };
}

/** The first line; where the program misses a value, with how to set it: the SDK says so on the line after, for one stack. */
function firstOf({ message }: Diagnostic): string {
  const [first = '', next = ''] = message.split('\n').map((line) => line.trim());
  if (!next.startsWith('please set a value')) return first;
  return `${first}: ${next.replace('config set', 'config set --stack <stack>')}`;
}

const STDERR: readonly RegExp[] = [
  /incorrect passphrase/,
  /passphrase must be set/,
  /unable to open bucket/,
  /unsupported checkpoint/,
  /no stack named/,
];
/** How the CLI begins the line that says why it gave up. */
const TOLD = /^\s*(?:(?:stderr|err\??):\s*)*error:\s/i;

/** The line that says what went wrong, out of a CommandError's several paragraphs. */
function lineOf(text: string, wanted?: RegExp): string {
  const raw = text.split('\n');
  const lines = raw.map((line) => line.replace(/^\s*((stderr|err\??|error):\s*)+/i, '').trim());
  for (const pattern of wanted ? [wanted] : STDERR) {
    const line = lines.find((candidate) => pattern.test(candidate));
    if (line !== undefined) return line;
  }
  const told = lines[raw.findIndex((line) => TOLD.test(line))];
  if (told !== undefined && told !== '') return told;
  return lines.find((line) => line !== '' && !/^code:|^stdout:?$/.test(line)) ?? 'failed without a word';
}

function withoutFrames(diagnostic: Diagnostic): Diagnostic {
  const lines = diagnostic.message.split('\n').filter((line) => !/^\s+at /.test(line));
  return { ...diagnostic, message: redact(lines.join('\n').trim()) };
}
