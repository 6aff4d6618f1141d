import { PASSWORD } from '../../core/redact';
import type { Finding } from '../finding';
import { at, textAt } from '../tree';
import type { World } from '../world';

/** What the embedded engine does not do is said before anything runs, not in the middle of it. */
export function* embeddedStaysHere({ signalbox }: World): Iterable<Finding> {
  const kind = textAt(signalbox, 'engine', 'kind');
  const [cloud, backend] = [at(signalbox, 'engine', 'cloud'), at(signalbox, 'engine', 'backend')];
  if (kind !== 'embedded') return;
  if (cloud && textAt(signalbox, 'engine', 'cloud') === 'real')
    yield {
      at: cloud.place,
      message: 'the embedded engine works on the sandbox cloud only',
      remedy: 'write kind: pulumi for a real cloud, or leave the cloud out',
    };
  if (backend && !textAt(signalbox, 'engine', 'backend')?.startsWith('file://'))
    yield {
      at: backend.place,
      message: 'the embedded engine keeps its state in files only',
      remedy: 'write kind: pulumi for this backend, or leave the backend out',
    };
}

/** What stands in a file is in git. Where the password belongs the CLI says: `PGPASSWORD` is read by PostgreSQL's own clients. */
export function* backendsHoldNoPassword({ signalbox }: World): Iterable<Finding> {
  const backend = at(signalbox, 'engine', 'backend');
  if (backend && PASSWORD.test(textAt(signalbox, 'engine', 'backend') ?? ''))
    yield {
      at: backend.place,
      message: 'the address of the backend holds a password',
      remedy:
        'leave it out, and name the variable that holds it (PGPASSWORD) in the environments of the stacks',
    };
}
