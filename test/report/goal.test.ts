import { expect } from 'chai';
import { answeredText, missedTexts } from '../../src/report/goal';
import { failed, preview } from './sample';

const bug = { severity: 'warning', message: 'a bug in a component of c' } as const;

describe('what the goal digest did for previews', () => {
  const stacks = [
    preview('a', { byGoal: 'answered' }),
    preview('b', { byGoal: 'checked' }),
    preview('c', { byGoal: 'missed', diagnostics: [{ severity: 'info', message: 'other' }, bug] }),
    preview('d'),
    failed('e', 'no'),
  ];

  it('is counted where it answered, and not mentioned where it did not', () => {
    expect(answeredText(stacks)).to.equal('1 stack unchanged by goal digest, 1 more checked by the engine');
    expect(answeredText(stacks.slice(1))).to.equal(undefined);
  });

  it('is a bug to be mended where it was wrong', () => {
    expect(missedTexts(stacks)).to.deep.equal([bug.message]);
    expect(missedTexts([preview('d')])).to.deep.equal([]);
  });
});
