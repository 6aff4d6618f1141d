import type * as pulumi from '@pulumi/pulumi';

const MARK = '[secret]';
/** Shorter ones stand in innocent text all the time: hiding them would tell more than it hides. */
const SHORTEST = 5;

/**
 * The secret configuration of one operation. The engine marks secrets where they flow as values; this hides them where a
 * program puts them into words: errors, log messages, what it prints, outputs it has unwrapped.
 */
export class Secrets {
  private readonly texts = new Set<string>();

  /** Learns what the configuration of the running program holds in secret; only inside of it is that known. */
  learn({ runtime }: typeof pulumi): void {
    // Declared as internal, and the only place where the SDK says it without a warning.
    const { isConfigSecret } = runtime as unknown as { isConfigSecret?(key: string): boolean };
    for (const [key, value] of Object.entries(runtime.allConfig()))
      if (isConfigSecret?.(key)) this.add(value);
  }

  /** The text, and each text inside of it where it is JSON. */
  add(text: string): void {
    if (text.length >= SHORTEST) this.texts.add(text);
    if (!/^[[{]/.test(text)) return;
    try {
      JSON.parse(text, (_, value: unknown) => {
        if (typeof value === 'string' && value.length >= SHORTEST) this.texts.add(value);
        return value;
      });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }

  hide<T>(value: T): T {
    return this.texts.size === 0 ? value : (this.hidden(value) as T);
  }

  private hidden(value: unknown): unknown {
    if (typeof value === 'string') {
      // The longest first: one secret may be a part of another.
      const texts = [...this.texts].sort((a, b) => b.length - a.length);
      return texts.reduce((text, secret) => text.replaceAll(secret, MARK), value);
    }
    if (Array.isArray(value)) return value.map((inner) => this.hidden(inner));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.hidden(inner)]));
  }
}

/** What is printed goes through `change` until the returned function is called. */
export function veil(streams: readonly NodeJS.WriteStream[], change: (text: string) => string): () => void {
  const undo = streams.map((stream) => {
    const { write } = stream;
    stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      return Reflect.apply(write, stream, [change(text), ...rest]) as boolean;
    }) as typeof write;
    return () => {
      stream.write = write;
    };
  });
  return () => {
    for (const restore of undo) restore();
  };
}
