import { PASSWORD } from '../../core/redact';
import type { Finding } from '../finding';
import { at, isText, type Text, textAt } from '../tree';
import { quote } from '../wording';
import type { World } from '../world';

const backendOf = ({ signalbox }: World): Text | undefined => {
  const written = at(signalbox, 'engine', 'backend');
  return written && isText(written) ? written : undefined;
};

/** Whether it works on a real cloud, whose state lies where `Pulumi.yaml` says, too. */
const isReal = ({ signalbox }: World): boolean =>
  (textAt(signalbox, 'engine', 'kind') ?? textAt(signalbox, 'engine')) === 'pulumi' &&
  textAt(signalbox, 'engine', 'cloud') !== 'sandbox';

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
export function* backendsHoldNoPassword(world: World): Iterable<Finding> {
  for (const backend of [backendOf(world), world.pulumi.backend])
    if (backend && PASSWORD.test(backend.value))
      yield {
        at: backend.place,
        message: 'the address of the backend holds a password',
        remedy:
          'leave it out, and name the variable that holds it (PGPASSWORD) in the environments of the stacks',
      };
}

/** Plain Pulumi reads `Pulumi.yaml`: it must find the same stacks in the same place. */
export function* pulumiAgrees(world: World): Iterable<Finding> {
  const name = textAt(world.signalbox, 'project');
  const { pulumi } = world;
  if (name !== undefined && pulumi.name && pulumi.name.value !== name)
    yield {
      at: pulumi.name.place,
      message: `the project is ${quote(name)} in signalbox.yaml`,
      remedy: 'give it one name in both files: it is part of every URN',
    };
  const backend = backendOf(world);
  if (isReal(world) && backend && pulumi.backend && pulumi.backend.value !== backend.value)
    yield {
      at: backend.place,
      message: 'Pulumi.yaml names another backend',
      remedy: 'name it in one of the files only',
    };
}
