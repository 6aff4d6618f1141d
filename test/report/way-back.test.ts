import { expect } from 'chai';
import { paint } from '../../src/report/paint';
import { previewText } from '../../src/report/preview-text';
import { counts, failed, preview } from './sample';

const text = (...stacks: Parameters<typeof previewText>[0]['stacks']): string =>
  previewText({ title: '', about: [], stacks }, paint(false));

describe('the way back in a preview', () => {
  it('is not promised for stacks that could not be previewed', () => {
    const updated = preview('eu-1', { counts: counts({ update: 1 }) });
    expect(text(updated, failed('eu-2', 'no credentials'))).to.match(
      /way back {2}not known: the preview of eu-2 failed$/,
    );
  });

  it('names what would be lost, also where another preview failed', () => {
    const bucket = {
      urn: 'u',
      type: 'aws:s3/bucket:Bucket',
      name: 'assets',
      why: 'would be deleted',
    } as const;
    const lost = preview('eu-1', { counts: counts({ delete: 1 }), irreversible: [bucket] });
    expect(text(lost, failed('eu-2', 'no credentials'))).to.contain(
      '1 stack cannot be taken back without losing data',
    );
  });
});
