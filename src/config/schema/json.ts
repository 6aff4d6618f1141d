import { z } from 'zod';
import { signalboxWritten } from './signalbox';
import { stackWritten } from './stack';
import { trackWritten } from './track';

/** File name → JSON Schema (draft-7) of a file a user writes, as text with a newline at its end. */
export function schemaTexts(): ReadonlyMap<string, string> {
  const forms = [
    ['signalbox', 'signalbox.yaml', signalboxWritten],
    ['track', 'tracks/<track>/track.yaml', trackWritten],
    // Fragments name the same schema, and may bring what the stack's own file leaves out: nothing is required.
    ['stack', 'stacks/**/<stack>.yaml', stackWritten.partial()],
  ] as const;
  return new Map(
    forms.map(([name, title, form]) => {
      const schema = z.toJSONSchema(form, { io: 'input', target: 'draft-7' });
      return [`${name}.schema.json`, `${JSON.stringify({ ...schema, title }, null, 2)}\n`];
    }),
  );
}
