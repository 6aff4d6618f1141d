import type { Scenario, Step } from '../corpus';
import { Dice } from './dice';
import { edited, programOf } from './edit';
import { type Entry, type Fields, isThing, type Json, type Program, repaired } from './program';
import { randomValue } from './value';

/** Creations count over a scenario: an id is its name and a number that few scenarios exceed. */
const MOST_IDS = 9;

/** A scenario of a few steps on one state, whose program is edited from step to step; the same for the same seed. */
export function scenarioOf(seed: number): Scenario {
  const dice = new Dice(seed);
  const steps: Step[] = [];
  const others = dice.once(10) ? otherStack(dice) : [];
  steps.push(...others);
  let program = programOf(dice);
  if (others.length > 0) program = referring(dice, program);
  let isFirst = true;
  for (let left = 4 + dice.below(5); left > 0; left -= 1) {
    if (!isFirst) for (let edits = dice.below(4); edits > 0; edits -= 1) program = edited(dice, program);
    program = repaired(program);
    const op = isFirst
      ? dice.weighted<Step['op']>([
          [1, 'preview'],
          [4, 'up'],
        ])
      : dice.weighted<Step['op']>([
          [3, 'preview'],
          [10, 'up'],
          [2, 'refresh'],
          [1, 'destroy'],
        ]);
    const world = op === 'refresh' || dice.once(6) ? worldOf(dice, program) : {};
    const config = isFirst
      ? { 'conf:region': 'eu', 'conf:token': { value: 'token', secret: true } }
      : dice.once(10)
        ? configOf(dice)
        : undefined;
    steps.push({
      op,
      program,
      ...(config ? { config } : {}),
      ...(Object.keys(world).length > 0 ? { world } : {}),
    });
    isFirst = false;
  }
  return { title: `by chance, seed ${seed}`, steps };
}

function otherStack(dice: Dice): Step[] {
  const outputs = { plain: randomValue(dice, []), hidden: { $secret: 'hidden' } };
  return [
    {
      op: 'up',
      stack: 'other',
      program: { resources: [], outputs },
      config: { 'conf:region': 'eu', 'conf:token': 'token' },
    },
  ];
}

function referring(dice: Dice, program: Program): Program {
  const reference: Entry = { kind: 'stackReference', name: 'organization/conf/other', as: 's' };
  const user: Entry = {
    name: 'user',
    props: { p: { $ref: 's.outputs.plain' }, q: { $ref: 's.outputs.hidden' } },
  };
  return { ...program, resources: [reference, ...(dice.once(2) ? [user] : []), ...program.resources] };
}

function configOf(dice: Dice): NonNullable<Step['config']> {
  const configs: NonNullable<Step['config']>[] = [
    { 'conf:region': 'us' },
    { 'conf:token': { value: 'other', secret: true } },
    { 'conf:token': 'token' },
    { 'lab:region': 'eu' },
    { 'lab:mode': { value: 'hidden', secret: true } },
    { 'conf:object': '{"k":[1,"two"]}' },
  ];
  return dice.one(configs) ?? {};
}

function worldOf(dice: Dice, { resources }: Program): Fields {
  const world: Fields = {};
  const name = () => dice.one(resources.filter(isThing))?.name;
  const [drifting, lost] = [name(), name()];
  const ids = (base: string) => Array.from({ length: MOST_IDS }, (_, index) => `${base}-${index + 1}`);
  if (drifting !== undefined && !dice.once(3)) {
    const drift: Fields = {
      [dice.one(['size', 'p', 'name', 'zone', 'extra'])]: dice.one<Json>([
        9,
        'drifted',
        ['l'],
        null,
        { k: 'v' },
      ]),
    };
    world['drift'] = Object.fromEntries(ids(drifting).map((id) => [id, drift]));
  }
  if (lost !== undefined && dice.once(3)) world['gone'] = [...ids(lost), 'gone-1'];
  return world;
}
