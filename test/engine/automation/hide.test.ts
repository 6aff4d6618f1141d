import { expect } from 'chai';
import { hideIn } from '../../../src/engine/automation/hide';
import type { Change, Preview, Result, Update } from '../../../src/engine/port';

const URN = 'urn:pulumi:delete::delete::aws:delete/delete:Delete::delete';
const change: Change = {
  kind: 'delete',
  urn: URN,
  type: 'aws:delete/delete:Delete',
  name: 'delete',
  properties: [{ path: 'tags.delete', before: '"delete"', after: '1' }],
  replaceKeys: ['delete'],
  protect: false,
  retainOnDelete: false,
};
const hide = (text: string): string => text.replaceAll('delete', '*');
const HIDDEN = 'urn:pulumi:delete::delete::aws:delete/delete:Delete::*';

describe('a result in which a secret is hidden', () => {
  it('keeps our own words and the types, so that a secret which is one of them hides no danger', () => {
    const counts = { create: 0, update: 0, replace: 0, delete: 1, same: 0 };
    const diagnostics = [{ severity: 'info', message: 'delete it', urn: URN }] as const;
    const outputs = { delete: { delete: ['delete', 7, null], list: { delete: true } }, url: 'x/delete' };
    const value = { changes: [change], counts, outputs, stateVersion: 'delete', diagnostics };
    const hidden = hideIn({ ok: true, value } satisfies Result<Preview | Update>, hide);
    expect(hidden.ok && hidden.value).to.deep.equal({
      changes: [
        {
          ...change,
          urn: HIDDEN,
          name: '*',
          properties: [{ path: 'tags.*', before: '"*"', after: '1' }],
          replaceKeys: ['*'],
        },
      ],
      counts,
      outputs: { delete: { '*': ['*', 7, null], list: { '*': true } }, url: 'x/*' },
      stateVersion: 'delete',
      diagnostics: [{ severity: 'info', message: '* it', urn: HIDDEN }],
    });
  });

  it('keeps what kind of failure it is', () => {
    const failure = { kind: 'failed', message: 'it failed', diagnostics: [] } as const;
    expect(hideIn({ ok: false, failure }, (text) => text.replaceAll('failed', '*'))).to.deep.equal({
      ok: false,
      failure: { ...failure, message: 'it *' },
    });
  });
});
