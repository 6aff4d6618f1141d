import { backendIn, stackPaths } from '../../../../src/engine/embedded/state/backend';
import { openSaver } from '../../../../src/engine/embedded/state/saver';
import { newCrypter } from '../../../../src/engine/embedded/state/secret';
import { secret, thing } from './things';

/** Saves states, each under its number, until it is killed; tells its parent how many are on disk. */
async function main(): Promise<void> {
  const paths = stackPaths(backendIn(process.argv[2] ?? ''), 'dev', 'shop');
  const saver = openSaver(paths, { crypter: await newCrypter('p'), metadata: {} });
  for (let count = 1; ; count += 1) {
    const id = String(count);
    const resources = Array.from({ length: 200 }, (_, index) =>
      thing(`n${index}`, { id, inputs: { password: secret('hush') } }),
    );
    const pending = { type: 'creating', resource: thing(`next${count}`) } as const;
    await saver.save({ resources, pendingOperations: [pending] });
    process.send?.(count);
  }
}

main().catch(() => process.exit(1));
