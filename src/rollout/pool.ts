import { type Room, startable } from '../core/room';

/**
 * Runs the work of all items, as many at a time as there is room for their stacks; results in the order of the items.
 * Rejects when one rejects; what has begun by then goes on.
 */
export function pooled<T, R>(
  items: readonly T[],
  { room, stackOf }: { readonly room: Room; stackOf(item: T): string },
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const waiting = items.map((item, index) => ({ item, index, stack: stackOf(item) }));
  const results = new Map<number, R>();
  const busy: string[] = [];
  return new Promise((resolve, reject) => {
    const start = (): void => {
      for (const stack of startable(
        waiting.map((one) => one.stack),
        busy,
        room,
      )) {
        const [one] = waiting.splice(
          waiting.findIndex((each) => each.stack === stack),
          1,
        );
        if (!one) continue;
        busy.push(stack);
        work(one.item).then((result) => {
          results.set(one.index, result);
          busy.splice(busy.indexOf(stack), 1);
          start();
        }, reject);
      }
      // Every index has its result by now.
      if (results.size === items.length) resolve(items.map((_, index) => results.get(index) as R));
    };
    start();
  });
}
