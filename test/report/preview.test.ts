import { expect } from 'chai';
import type { FleetPreview } from '../../src/report/fleet';
import { fleetLine } from '../../src/report/fleet';
import { plain } from '../../src/report/paint';
import { previewMarkdown } from '../../src/report/preview-markdown';
import { baselineText, previewText } from '../../src/report/preview-text';
import { change, counts, failed, HOSTILE, preview } from './sample';

const image = change({
  type: 'kubernetes:apps/v1:Deployment',
  name: 'web',
  properties: [{ path: 'spec.image', before: '"shop:2.4"', after: '"shop:2.5"' }],
});
const database = change({
  kind: 'replace',
  type: 'aws:rds/instance:Instance',
  name: 'database',
  properties: [
    { path: 'a', before: '1', after: '2' },
    { path: 'b', before: '1', after: '2' },
    { path: 'c', before: '1', after: '2' },
    { path: 'd', before: '1', after: '2' },
    { path: 'engine', after: '"postgres"' },
  ],
  replaceKeys: ['engine'],
});
const updated = { changes: [image], counts: counts({ update: 1, same: 4 }), class: 'aaaa1111' };
const replaced = {
  changes: [image, database],
  counts: counts({ update: 1, replace: 1, same: 3 }),
  class: 'bbbb2222',
  channel: 'production',
  irreversible: [
    { urn: 'urn', type: database.type, name: 'database', why: 'was replaced, cannot be restored' } as const,
  ],
};

const FLEET: FleetPreview = {
  title: 'beta.2 (promote, copied from alpha.1)',
  about: ['4 stacks: test 1 wave → production 1 wave', 'embedded engine, sandbox cloud'],
  stacks: [
    preview('test-1', updated),
    preview('test-2', updated),
    preview('test-3'),
    preview('prod-1', replaced),
  ],
};

describe('the preview on a terminal', () => {
  it('says nothing of drift where nobody looked, that there is none, or what is otherwise, stack by stack', () => {
    const moved = change({ properties: [{ path: 'tags.team', before: '"a"', after: '"b"' }] });
    const lost = change({ kind: 'delete', name: 'logs' });
    const shown = (...stacks: FleetPreview['stacks']): string =>
      previewText({ title: 't', about: [], stacks }, plain);
    expect(shown(preview('one'))).not.to.contain('drift');
    expect(shown(preview('one', { drift: [] }))).to.contain('drift  none: all is as the states say');
    expect(shown(preview('one', { drift: [] }), preview('two', { drift: [moved, lost] }))).to.contain(
      [
        'drift  1 stack not as the state says (state → what is there):',
        '    two',
        '        ~ aws:s3/bucket:Bucket  assets',
        '            tags.team: "a" → "b"',
        '        aws:s3/bucket:Bucket  logs is gone',
      ].join('\n'),
    );
  });

  it('says every kind of change once, replaces first, then a row a stack, then what cannot be taken back', () => {
    expect(previewText(FLEET, plain)).to.equal(
      [
        'beta.2 (promote, copied from alpha.1)',
        '4 stacks: test 1 wave → production 1 wave',
        'embedded engine, sandbox cloud',
        '',
        'bbbb2222  2 changes in 1 stack: prod-1',
        '    ± replace  aws:rds/instance:Instance  database',
        '        engine: (none) → "postgres"  forces a new resource',
        '        a: 1 → 2',
        '        b: 1 → 2',
        '        c: 1 → 2',
        '        … 1 more property',
        '    ~ update   kubernetes:apps/v1:Deployment  web',
        '        spec.image: "shop:2.4" → "shop:2.5"',
        '',
        'aaaa1111  same 1 change in 2 stacks: test-1, test-2',
        '    ~ update   kubernetes:apps/v1:Deployment  web',
        '        spec.image: "shop:2.4" → "shop:2.5"',
        '',
        'stack   channel     replace  delete  update  create  same  class',
        'test-1  test              0       0       1       0     4  aaaa1111',
        'test-2  test              0       0       1       0     4  aaaa1111',
        'test-3  test              0       0       0       0     5  no change',
        'prod-1  production        1       0       1       0     3  bbbb2222',
        '',
        'way back  1 stack cannot be taken back without losing data; a failure there halts instead:',
        '    prod-1: aws:rds/instance:Instance database was replaced, cannot be restored',
      ].join('\n'),
    );
  });

  it('says that everything can be taken back, or that there is nothing to take back', () => {
    const text = (stacks: FleetPreview['stacks']) => previewText({ title: '', about: [], stacks }, plain);
    expect(text([preview('a', updated)])).to.match(
      /way back {2}every stack can be taken back without losing data$/,
    );
    expect(text([preview('a')])).to.match(/way back {2}nothing changes, so there is nothing to take back$/);
  });

  it('promises no way back where there is none', () => {
    const noWayBack = 'a rollback that fails halts, it is not taken back';
    const text = previewText({ title: '', about: [], stacks: [preview('a', updated)], noWayBack }, plain);
    expect(text).to.match(/way back {2}a rollback that fails halts, it is not taken back$/);
  });

  it('shows stacks whose preview failed apart, with question marks instead of numbers', () => {
    const text = previewText({ title: '', about: [], stacks: [failed('eu-1', 'no credentials')] }, plain);
    expect(text).to.match(/^eu-1 {3}test +\? +\? +\? +\? +\? {2}failed$/m);
    expect(text).to.match(/^✖ eu-1: no credentials$/m);
  });

  it('says each reason once, and counts what stays as it is where there are many', () => {
    const lost = Array.from({ length: 12 }, (_, index) => preview(`prod-${index}`, replaced));
    const broken = ['eu-1', 'eu-2'].map((stack) => failed(stack, `${stack} has no credentials`));
    const same = Array.from({ length: 40 }, (_, index) => preview(`same-${index}`));
    const text = previewText({ title: '', about: [], stacks: [...lost, ...broken, ...same] }, plain);
    expect(text).to.contain('✖ eu-1, eu-2: * has no credentials\n');
    expect(text).to.contain(
      '    prod-0, prod-1, prod-2, prod-3, prod-4, prod-5, prod-6, prod-7 and 4 more: aws',
    );
    expect(text.match(/was replaced/g)).to.have.length(1);
    expect(text).to.contain('… and 40 stacks without a change');
    expect(text).not.to.contain('same-1 ');
  });

  it('warns of components that do not follow the track', () => {
    const stacks = [preview('eu-1', { ...updated, foreign: ['database'] })];
    expect(previewText({ title: '', about: [], stacks }, plain)).to.match(
      /⚠ eu-1: database would change too, though not on this track; the rollout stops before this stack$/,
    );
  });

  it('cuts long values and counts what is too much', () => {
    const many = Array.from({ length: 45 }, (_, index) => change({ name: `b${index}` }));
    const long = change({
      kind: 'create',
      name: 'long',
      properties: [{ path: 'p', after: 'x'.repeat(500) }],
    });
    const some = { changes: [long, ...many], counts: counts({ update: 45, create: 1 }) };
    const text = previewText({ title: '', about: [], stacks: [preview('eu-1', some)] }, plain);
    expect(text).to.contain('    … 6 more changes');
    expect(Math.max(...text.split('\n').map((line) => line.length))).to.be.below(120);
  });

  it('lets nothing that a name brings along move the cursor or begin a line', () => {
    const bad = change({ name: HOSTILE, type: HOSTILE, properties: [{ path: HOSTILE, before: HOSTILE }] });
    const some = { changes: [bad], counts: counts({ update: 1 }), foreign: [HOSTILE] };
    const text = previewText(
      { title: HOSTILE, about: [HOSTILE], stacks: [preview(HOSTILE, some), failed('b', HOSTILE)] },
      plain,
    );
    expect(text.replaceAll('\n', '')).not.to.match(/[\p{Cc}\p{Cf}]/u);
    expect(text).not.to.match(/^\| b/m);
  });
});

describe('the preview of a baseline', () => {
  it('is one line', () => {
    const stacks = ['a', 'b'].map((stack) => preview(stack, { counts: counts({ create: 35 }) }));
    expect(baselineText({ title: 'beta.1 (baseline)', about: [], stacks }, plain)).to.equal(
      'beta.1 (baseline)  70 creates in 2 stacks; there is nothing to go back to, a failure halts',
    );
    expect(baselineText({ title: 'prod.1 (baseline)', about: [], stacks: [] }, plain)).to.equal(
      'prod.1 (baseline)  nobody subscribes to it',
    );
  });
});

describe('the summary of a preview', () => {
  it('counts kinds of change, unchanged and failed stacks, and all steps', () => {
    expect(fleetLine([...FLEET.stacks, failed('x', 'no')])).to.equal(
      '5 stacks: 2 kinds of change, 1 unchanged, 1 failed (1 replace, 3 updates)',
    );
    expect(fleetLine([preview('a')])).to.equal('1 stack: 1 unchanged');
  });
});

describe('an update that a real cloud need not make in place', () => {
  const unverified = change({ type: 'aws:sfn/activity:Activity', name: 'jobs', inPlace: 'unverified' });
  const fleet = {
    ...FLEET,
    stacks: [preview('a', { changes: [unverified], counts: counts({ update: 1 }) })],
  };

  it('says so in text and in Markdown', () => {
    expect(previewText(fleet, plain)).to.contain(
      '    ~ update (in place unverified)  aws:sfn/activity:Activity  jobs\n',
    );
    expect(previewMarkdown(fleet)).to.contain(
      '! update (in place unverified) aws:sfn/activity:Activity jobs\n',
    );
  });
});

describe('the preview as a comment', () => {
  it('has a summary, the table, the way back, and every kind of change once, folded', () => {
    expect(previewMarkdown({ ...FLEET, title: 'preview of beta' })).to.equal(
      [
        '### preview of beta',
        '',
        '4 stacks: test 1 wave → production 1 wave  ',
        'embedded engine, sandbox cloud  ',
        '4 stacks: 2 kinds of change, 1 unchanged (1 replace, 3 updates)',
        '',
        '**Replaces or deletes** in prod-1.',
        '',
        '**Way back:** data would be lost in prod-1; a failure there halts instead of taking back.',
        '',
        '- <code>aws:rds/instance:Instance database was replaced, cannot be restored</code> in prod-1',
        '',
        '| stack | channel | replace | delete | update | create | same | class |',
        '|---|---|--:|--:|--:|--:|--:|---|',
        '| prod-1 | production | 1 | 0 | 1 | 0 | 3 | `bbbb2222` |',
        '| test-1 | test | 0 | 0 | 1 | 0 | 4 | `aaaa1111` |',
        '| test-2 | test | 0 | 0 | 1 | 0 | 4 | `aaaa1111` |',
        '',
        '1 stack without a change.',
        '',
        '<details><summary><code>bbbb2222</code> 2 changes in 1 stack: prod-1</summary>',
        '',
        '```diff',
        '- replace aws:rds/instance:Instance database',
        '      engine: (none) → "postgres"  forces a new resource',
        '      a: 1 → 2',
        '      b: 1 → 2',
        '      c: 1 → 2',
        '      d: 1 → 2',
        '! update kubernetes:apps/v1:Deployment web',
        '      spec.image: "shop:2.4" → "shop:2.5"',
        '```',
        '</details>',
        '',
        '<details><summary><code>aaaa1111</code> same 1 change in 2 stacks: test-1, test-2</summary>',
        '',
        '```diff',
        '! update kubernetes:apps/v1:Deployment web',
        '      spec.image: "shop:2.4" → "shop:2.5"',
        '```',
        '</details>',
        '',
      ].join('\n'),
    );
  });

  const SEE = 'npm run -s preview -- --all --json';

  it('stays below the limit of the hosts, the most dangerous first, and says what it leaves out', () => {
    const properties = Array.from({ length: 8 }, (_, index) => ({
      path: `p${index}`,
      after: 'x'.repeat(200),
    }));
    const update = Array.from({ length: 50 }, () => change({ properties }));
    const stacks = Array.from({ length: 300 }, (_, index) =>
      preview(`stack-${index}`, {
        class: `class${index}`,
        changes: index === 299 ? [database, ...update] : update,
        counts: counts({ update: 50, replace: index === 299 ? 1 : 0 }),
        irreversible: index === 299 ? replaced.irreversible : [],
      }),
    );
    const same = Array.from({ length: 120 }, (_, index) => preview(`same-${index}`));
    const text = previewMarkdown({ title: 'all', about: [], stacks: [...stacks, ...same], see: SEE });
    expect(text.length).to.be.at.most(60_000);
    expect(text).to.match(/:\|---\|\n\| stack-299 \| test \| 1 \|/);
    expect(/<summary><code>(\w+)/.exec(text)?.[1]).to.equal('class299');
    expect(text).to.contain('\n- replace aws:rds/instance:Instance database\n');
    expect(text).to.contain('120 stacks without a change.');
    const rows = text.match(/^\| stack-/gm)?.length ?? 0;
    expect(text).to.contain(`… and ${300 - rows} more stacks: \`${SEE}\``);
    expect(text).to.contain(
      '\n<details><summary>300 stacks that would change or failed</summary>\n\n| stack |',
    );
    const kinds = text.match(/<summary><code>/g)?.length ?? 0;
    expect(text).to.contain(
      `_… and ${300 - kinds} more kinds of change in ${300 - kinds} stacks: \`${SEE}\`_`,
    );
    expect(text).to.match(new RegExp(`… \\d+ more changes: \`${SEE}\``));
  });

  it('says each reason once, what most stacks have in common first', () => {
    const broken = Array.from({ length: 300 }, (_, index) =>
      failed(`broken-${index}`, `no stack named broken-${index}`),
    );
    const text = previewMarkdown({ title: 'all', about: [], stacks: [failed('a', 'no key'), ...broken] });
    expect(text).to.contain(
      [
        '**Previews failed:**',
        '',
        `- <code>no stack named &#42;</code> in ${broken
          .slice(0, 20)
          .map(({ stack }) => stack)
          .join(', ')} and 280 more`,
        '- <code>no key</code> in a',
        '',
      ].join('\n'),
    );
  });

  it('stays below the limit whatever signs its texts hold', () => {
    const ugly = (index: number): string => `${index}${'@www.`://'.repeat(1000)}`;
    const stacks = Array.from({ length: 300 }, (_, index) =>
      preview(`stack-${index}`, {
        class: `class${index}`,
        changes: [change({ name: ugly(index), properties: [{ path: ugly(1), after: ugly(2) }] })],
        counts: counts({ replace: 1 }),
        irreversible: [{ urn: '', type: ugly(index), name: ugly(index), why: 'would be deleted' }],
        foreign: [ugly(index)],
      }),
    );
    const broken = Array.from({ length: 300 }, (_, index) => failed(`broken-${index}`, ugly(index)));
    const all = { title: ugly(1), about: [ugly(1), ugly(2)], stacks: [...stacks, ...broken], see: SEE };
    expect(previewMarkdown(all).length).to.be.at.most(60_000);
    expect(previewMarkdown(all)).to.match(/- … and \d+ more reasons in \d+ stacks: /);
  });

  it('lets nothing that a name brings along end a table, a code block, or call somebody', () => {
    const bad = change({ name: HOSTILE, properties: [{ path: HOSTILE, before: HOSTILE }] });
    const some = { changes: [bad], counts: counts({ delete: 1 }), irreversible: [] };
    const text = previewMarkdown({
      title: HOSTILE,
      about: [HOSTILE],
      stacks: [preview(HOSTILE, some), failed('b', `${HOSTILE}</code><script>`)],
    });
    const [outside = '', inside = ''] = text.split('```diff');
    expect(outside).not.to.match(/`c`|@team|:\/\/x|<script|www\./);
    expect(outside.match(/^\| a/gm)).to.have.length(1);
    for (const row of outside.split('\n').filter((line) => line.startsWith('| ')))
      expect(row.split('|')).to.have.length(10);
    expect(inside.match(/```/g)).to.have.length(1);
  });
});
