import { expect } from 'chai';
import { masking } from '../../../src/engine/embedded/mask';

describe('text that the configuration keeps secret', () => {
  it('is hidden wherever it stands, also within JSON', () => {
    const mask = masking(['hunter.2', 'a "quoted" one']);
    expect(mask('user hunter.2, hunter.2!')).to.equal('user [secret], [secret]!');
    expect(mask('{"k":"a \\"quoted\\" one"}')).to.equal('{"k":"[secret]"}');
    expect(mask('hunterx2')).to.equal('hunterx2');
  });

  it('stays where it is too short or too common to be told apart', () => {
    expect(masking(['ab', 'true', 'False', ''])('ab true False')).to.equal('ab true False');
  });
});
