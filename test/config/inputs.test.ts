import { expect } from 'chai';
import { z } from 'zod';
import { validate } from '../../src/config/inputs/validate';
import { parseYaml } from '../../src/config/parse';
import { startOf } from '../../src/config/tree';

/** The findings for inputs written as YAML, judged as vendoring would write the schema. */
function judge(form: z.ZodType, yaml: string): readonly string[] {
  const schema = z.toJSONSchema(form, { io: 'input', target: 'draft-7' });
  const tree = parseYaml('a.yaml', yaml).tree;
  if (!tree) throw new Error(`not YAML: ${yaml}`);
  return validate(JSON.parse(JSON.stringify(schema)), tree, startOf('a.yaml')).map(
    ({ at, message, remedy }) =>
      `${at.line}:${at.column} ${message}${remedy === undefined ? '' : ` (${remedy})`}`,
  );
}

describe('inputs of a component', () => {
  it('may be references wherever they stand, whatever the schema wants there', () => {
    const form = z.strictObject({
      id: z.string().min(5),
      zones: z.array(z.int()),
      tags: z.record(z.string(), z.string()),
    });
    expect(
      judge(form, 'id: { from: a.b }\nzones: [1, { secret: two }]\ntags: { x: { fromStack: s, output: o } }'),
    ).to.deep.equal([]);
    expect(judge(form, 'id: { from: a.b }\nzones: { from: a.zones }\ntags: { from: a.tags }')).to.deep.equal(
      [],
    );
  });

  it('need not be given where the component has a default, and must where it has none', () => {
    const form = z.strictObject({ a: z.int().default(1), b: z.string().optional(), c: z.boolean() });
    expect(judge(form, 'c: true')).to.deep.equal([]);
    expect(judge(form, 'a: 2')).to.deep.equal(['1:1 "c" is missing']);
  });

  const cases: readonly (readonly [string, z.ZodType, string, string])[] = [
    [
      'unions',
      z.object({ a: z.union([z.string(), z.int()]) }),
      'a: [1]',
      '1:4 a list is not text or a whole number',
    ],
    [
      'unions of maps',
      z.object({
        a: z.discriminatedUnion('k', [
          z.strictObject({ k: z.literal('x'), n: z.int() }),
          z.strictObject({ k: z.literal('y') }),
        ]),
      }),
      'a: { k: x, n: one }',
      '1:15 "one" is not a whole number',
    ],
    ['literals', z.object({ a: z.literal('on') }), 'a: off', '1:4 "off" is not on'],
    [
      'nullable',
      z.object({ a: z.string().nullable() }),
      'a: 5',
      '1:4 5 is a number, not text or nothing (quote it: "5")',
    ],
    ['tuples', z.object({ a: z.tuple([z.string(), z.int()]) }), 'a: [x, y]', '1:8 "y" is not a whole number'],
    [
      'tuples too long',
      z.object({ a: z.tuple([z.string()]) }),
      'a: [x, y]',
      '1:4 the list has 2 items (at most 1)',
    ],
    [
      'records',
      z.object({ a: z.record(z.string().regex(/^[a-z]+$/), z.int()) }),
      'a: { B: 1 }',
      '1:6 "B" does not match ^[a-z]+$',
    ],
    [
      'values of records',
      z.object({ a: z.record(z.string(), z.int()) }),
      'a: { b: c }',
      '1:9 "c" is not a whole number',
    ],
    [
      'lengths',
      z.object({ a: z.string().min(3).max(5) }),
      'a: xy',
      '1:4 "xy" is too short (at least 3 characters)',
    ],
    ['open bounds', z.object({ a: z.number().gt(3) }), 'a: 3', '1:4 3 is too small (more than 3)'],
    [
      'multiples',
      z.object({ a: z.number().multipleOf(0.1) }),
      'a: 0.25',
      '1:4 0.25 is not a multiple of 0.1',
    ],
    ['addresses', z.object({ a: z.email() }), 'a: nobody', '1:4 "nobody" is not an e-mail address'],
    ['URLs', z.object({ a: z.url() }), 'a: nowhere', '1:4 "nowhere" is not a URL'],
    [
      'nested maps',
      z.object({ a: z.strictObject({ size: z.int() }) }),
      'a:\n  siz: 1',
      '1:1 "size" is missing',
    ],
    [
      'intersections',
      z.object({ a: z.intersection(z.object({ b: z.int() }), z.object({ c: z.int() })) }),
      'a: { b: 1 }',
      '1:1 "c" is missing',
    ],
  ];
  for (const [title, form, yaml, finding] of cases)
    it(`are judged as zod describes them: ${title}`, () => {
      expect(judge(form, yaml)).to.include(finding);
    });

  it('accept multiples that binary fractions cannot hold exactly', () => {
    expect(judge(z.object({ a: z.number().multipleOf(0.1) }), 'a: 0.3')).to.deep.equal([]);
  });

  it('follow recursive schemas as deep as the value goes', () => {
    const node: z.ZodType = z.lazy(() => z.strictObject({ name: z.string(), next: node.optional() }));
    expect(judge(node, 'name: a\nnext: { name: b, next: { name: 5 } }')).to.deep.equal([
      '2:32 5 is a number, not text (quote it: "5")',
    ]);
  });
});
