/** The circles of a graph, each once, starting at its first name in sorted order. */
export function cycles(
  edges: ReadonlyMap<string, readonly string[]>,
): readonly (readonly [string, ...string[]])[] {
  const state = new Map<string, 'open' | 'done'>();
  const path: string[] = [];
  const found = new Map<string, readonly [string, ...string[]]>();
  const keep = (circle: readonly string[]): void => {
    const least = [...circle].sort()[0] ?? '';
    const start = circle.indexOf(least);
    const [first = least, ...rest] = [...circle.slice(start), ...circle.slice(0, start)];
    found.set([first, ...rest].join('\n'), [first, ...rest]);
  };
  // A stack of its own instead of recursion: chains of thousands of names are data, not calls.
  const work: { readonly name: string; readonly leave: boolean }[] = [];
  for (const start of [...edges.keys()].sort()) {
    work.push({ name: start, leave: false });
    for (let task = work.pop(); task; task = work.pop()) {
      const { name } = task;
      if (task.leave) {
        path.pop();
        state.set(name, 'done');
      } else if (state.get(name) === 'open') {
        keep(path.slice(path.indexOf(name)));
      } else if (!state.has(name)) {
        state.set(name, 'open');
        path.push(name);
        work.push({ name, leave: true });
        for (const next of edges.get(name) ?? [])
          if (edges.has(next)) work.push({ name: next, leave: false });
      }
    }
  }
  return [...found.values()];
}
