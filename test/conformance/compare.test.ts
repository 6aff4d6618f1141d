import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { compare } from './compare';
import { FIXTURES, type Outcome, openCorpus, readRecording } from './corpus';
import { Normaliser } from './normalise';
import { Runner } from './run';

const corpus = openCorpus(FIXTURES);

function recording(scenario: string, label: string): Outcome {
  const found = readRecording(corpus, scenario, label);
  if (found === undefined) throw new Error(`no recording ${scenario}/${label}`);
  return found;
}

/** Paths at which a recording and a changed copy of its text differ. */
function paths(scenario: string, label: string, change: (text: string) => string): string[] {
  const expected = recording(scenario, label);
  const text = JSON.stringify(expected);
  const changed = change(text);
  expect(changed, 'the change changes something').not.to.equal(text);
  const differences = compare(
    new Normaliser().normal(expected),
    new Normaliser().normal(JSON.parse(changed)),
  );
  return differences.map(({ path }) => path);
}

describe('the comparison of an outcome with its recording', () => {
  it('does not mind times, ports, provider ids, stack frames and sequence numbers', () => {
    const same: [string, string, (text: string) => string][] = [
      ['basic', '02-up', (text) => text.replaceAll('236ee6e3', '11111111')],
      ['basic', '02-up', (text) => text.replaceAll('2026-11-21T09', '2031-01-01T01')],
      ['basic', '02-up', (text) => text.replace('"durationSeconds":1', '"durationSeconds":9')],
      [
        'basic',
        '02-up',
        (text) => text.replace('{"preludeEvent"', '{"sequence":7,"timestamp":1,"preludeEvent"'),
      ],
      ['program-throws', '01-preview', (text) => text.replaceAll('stack.js:76:39', 'other.js:1:1')],
    ];
    for (const [scenario, label, change] of same) expect(paths(scenario, label, change)).to.deep.equal([]);
  });

  for (const [what, scenario, label, change, path] of [
    [
      'an operation',
      'basic',
      '05-up',
      (text: string) => text.replace('"op":"update"', '"op":"same"'),
      'order',
    ],
    ['an input', 'basic', '05-up', (text: string) => text.replace('"size":3', '"size":4'), 'events'],
    [
      'a detailed diff',
      'basic',
      '05-up',
      (text: string) => text.replace('"diffKind":"update"', '"diffKind":"add"'),
      'events',
    ],
    ['a count', 'basic', '02-up', (text: string) => text.replace('{"create":4}', '{"create":5}'), 'ending'],
    [
      'a provider call',
      'basic',
      '02-up',
      (text: string) => text.replace('"rpc":"Create"', '"rpc":"Update"'),
      'provider',
    ],
    [
      'a dependency',
      'basic',
      '02-up',
      (text: string) => text.replace('"dependencies":[', '"dependencies":["x",'),
      'state',
    ],
    [
      'an error text',
      'create-fails',
      '02-up',
      (text: string) => text.replaceAll('"cannot create b: quota\\n"', '"no"'),
      'diagnostics',
    ],
    ['a failure', 'create-fails', '02-up', (text: string) => text.replace('"error":', '"none":'), 'ending'],
    [
      'which provider a resource has',
      'providers',
      '02-up',
      (text: string) =>
        text.replace(
          /(lab:index:Thing::a".{0,900}"provider":"[^"]*::)[0-9a-f-]{36}/,
          '$111111111-1111-1111-1111-111111111111',
        ),
      'events',
    ],
  ] as const) {
    it(`sees ${what}`, () => {
      const found = paths(scenario, label, change);
      expect(found.join(' ')).to.contain(path);
    });
  }

  it('sees a secret that became plain, and one whose value changed', () => {
    const { state, ...rest } = recording('secrets', '02-up');
    const text = JSON.stringify(state);
    const cipher = /"ciphertext":"([^"]+)"/g;
    const all = [...text.matchAll(cipher)].map((match) => match[1] ?? '');
    const swapped = text
      .replace(all[1] ?? '', 'SWAP')
      .replace(all[0] ?? '', all[1] ?? '')
      .replace('SWAP', all[0] ?? '');
    for (const changed of [swapped, text.replace(/\{"4dab[^}]*\}/, '"out"')]) {
      const differences = compare(
        new Normaliser().normal({ state, ...rest }),
        new Normaliser().normal({ state: JSON.parse(changed), ...rest }),
      );
      expect(differences.map(({ path }) => path).join(' ')).to.contain('state.checkpoint.latest.resources');
    }
  });
});

describe('the strict comparison', () => {
  it('sees the order that the real engine leaves to chance', () => {
    const { state, ...rest } = recording('basic', '07-destroy');
    const events = [...rest.events];
    const last = (events.splice(-6, 4) as unknown[]).reverse();
    const swapped = { ...rest, state, events: [...events, ...last] };
    const differs = (strict: boolean) =>
      compare(
        new Normaliser({ strict }).normal({ state, ...rest }),
        new Normaliser({ strict }).normal(swapped),
      ).length > 0;
    expect(differs(true)).to.equal(true);
  });
});

describe('a run of a corpus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-corpus-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('counts a step without recording, and a recording without step, as different', async () => {
    mkdirSync(join(folder, 'scenarios'));
    const step = { op: 'preview', program: { resources: [], outputs: {} } };
    writeFileSync(join(folder, 'scenarios/lost.json'), JSON.stringify({ title: 't', steps: [step] }));
    mkdirSync(join(folder, 'recordings/lost'), { recursive: true });
    cpSync(join(FIXTURES, 'recordings/basic/02-up.json'), join(folder, 'recordings/lost/07-up.json'));
    const runner = new Runner(openCorpus(folder));
    const reports = await runner.run('lost');
    runner.close();
    expect(reports.map(({ step, differences }) => [step, differences[0]?.path])).to.deep.equal([
      ['01-preview', 'recording'],
      ['07-up', 'scenario'],
    ]);
  });
});
