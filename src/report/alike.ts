import { neutralizer } from '../core/digest';

/** A text that stacks have in common, said once. */
export interface Alike {
  /** With `*` for the stack's name, where it stands for several. */
  readonly text: string;
  readonly stacks: readonly string[];
}

/** What is said of stacks, each text once though it names its stack, what most have in common first. */
export function alike(said: readonly { readonly stack: string; readonly text: string }[]): readonly Alike[] {
  const groups = Map.groupBy(said, ({ stack, text }) => neutralizer(stack)(text));
  return [...groups]
    .map(([text, members]): Alike => {
      const [first] = members;
      const stacks = [...new Set(members.map(({ stack }) => stack))];
      return { text: stacks.length === 1 && first ? first.text : text, stacks };
    })
    .sort((a, b) => b.stacks.length - a.stacks.length);
}
