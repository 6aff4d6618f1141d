import type { Pins } from '../core/plan';
import type { Project } from '../core/project';
import { ensureContent } from '../vendor/pull';
import { seedStore } from '../vendor/seed';
import { EXIT } from './exit';
import { Stop } from './stop';

/** Verifies every track folder and puts what it pins, and what stacks pin strictly, where programs run from. */
export async function prepareContent(root: string, project: Project): Promise<void> {
  const seeded = seedStore(root, Object.keys(project.tracks));
  if (!seeded.ok) throw new Stop(EXIT.usage, '', { problems: seeded.problems });
  for (const stack of Object.values(project.stacks)) {
    const pins: Pins = Object.fromEntries(
      Object.values(stack.components).flatMap(({ component, pin }) => (pin ? [[component, pin]] : [])),
    );
    const found = await ensureContent(root, pins);
    if (!found.ok) throw new Stop(EXIT.usage, `stack ${stack.name}`, { problems: found.problems });
  }
}
