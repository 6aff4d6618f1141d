import type * as pulumi from '@pulumi/pulumi';
import { formsOf } from './secret-forms';

const MARK = '[secret]';
/** Shorter ones stand in innocent text all the time: hiding them would tell more than it hides. */
const SHORTEST = 5;
/** Shorter ones are hidden as words of their own only, longer ones inside of words too. */
const DISTINCT = 8;

/**
 * The secret configuration of one operation. The engine marks secrets where they flow as values; this hides them where a
 * program puts them into words: errors, log messages, what it prints, outputs it has unwrapped. Known in the forms of
 * `formsOf`, whole and line by line; not what is printed in pieces.
 */
export class Secrets {
  /** By its first signs, what is hidden, the longest first: each place of a text is looked up once. */
  private readonly byStart = new Map<string, string[]>();

  /** Learns what the configuration of the running program holds in secret; only inside of it is that known. */
  learn({ runtime }: typeof pulumi): void {
    // Declared as internal, and the only place where the SDK says it without a warning.
    const { isConfigSecret } = runtime as unknown as { isConfigSecret?(key: string): boolean };
    for (const [key, value] of Object.entries(runtime.allConfig()))
      if (isConfigSecret?.(key)) this.add(value);
  }

  /** The text, each of its lines that is distinct, and each text inside of it where it is JSON. */
  add(text: string): void {
    this.know(text);
    const lines = text.split(/[\r\n]+/).map((line) => line.trim());
    if (lines.length > 1) for (const line of lines) if (line.length >= DISTINCT) this.know(line);
    if (!/^[[{]/.test(text)) return;
    try {
      JSON.parse(text, (_, value: unknown) => {
        if (typeof value === 'string') this.know(value);
        return value;
      });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }

  hide(text: string): string {
    if (this.byStart.size === 0) return text;
    let shown = '';
    let from = 0;
    for (let at = 0; at + SHORTEST <= text.length; ) {
      const found = this.byStart.get(text.substring(at, at + SHORTEST))?.find((form) => isAt(text, at, form));
      if (found === undefined) {
        at += 1;
        continue;
      }
      shown += text.slice(from, at) + MARK;
      at += found.length;
      from = at;
    }
    return shown + text.slice(from);
  }

  private know(secret: string): void {
    if (secret.length < SHORTEST) return;
    for (const form of formsOf(secret)) {
      const start = form.slice(0, SHORTEST);
      const forms = this.byStart.get(start) ?? [];
      if (forms.includes(form)) continue;
      this.byStart.set(
        start,
        [...forms, form].sort((a, b) => b.length - a.length),
      );
    }
  }
}

function isAt(text: string, at: number, form: string): boolean {
  if (!text.startsWith(form, at)) return false;
  return form.length >= DISTINCT || !(isWord(text[at - 1]) || isWord(text[at + form.length]));
}

const isWord = (sign: string | undefined): boolean => sign !== undefined && /[A-Za-z0-9]/.test(sign);

/** What is printed goes through `change` from now on. */
export function veil(streams: readonly NodeJS.WriteStream[], change: (text: string) => string): void {
  for (const stream of streams) {
    const { write } = stream;
    stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      return Reflect.apply(write, stream, [change(text), ...rest]) as boolean;
    }) as typeof write;
  }
}
