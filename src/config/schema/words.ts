import { z } from 'zod';

/** Marks a message that stands on its own; what follows a line break is the remedy. See shape.ts. */
export const says = (message: string, remedy?: string): string =>
  remedy === undefined ? `!${message}` : `!${message}\n${remedy}`;

/** A map with these keys and no others; an unknown key is reported together with the known ones. */
export function closed<Fields extends z.core.$ZodLooseShape>(fields: Fields) {
  const known = Object.keys(fields).join(',');
  return z.strictObject(fields, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known : undefined),
  });
}

type Defined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

/** Drops keys that are undefined: what the file does not say is absent, not `undefined`. */
export function present<Value extends object>(value: Value): Defined<Value> {
  const kept = Object.entries(value).filter(([, held]) => held !== undefined);
  // The filter above is exactly what the type says.
  return Object.fromEntries(kept) as Defined<Value>;
}
