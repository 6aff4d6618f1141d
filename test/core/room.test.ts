import { expect } from 'chai';
import type { Environment, Limits, Project, Stack } from '../../src/core/project';
import { accountOf, roomOf, startable } from '../../src/core/room';

const block = (more: Partial<Environment>): Environment => ({ variables: [], ...more });

/** Two stacks of the account `one`, two of `two`, and one without an environment. */
function project(engine: { readonly parallel?: number; readonly limits?: Limits }): Project {
  const stack = (name: string, environment?: string): [string, Stack] => [
    name,
    { name, ...(environment === undefined ? {} : { environment }) } as Stack,
  ];
  return {
    engine,
    environments: {
      one: block({ account: '111111111111' }),
      'one-too': block({ role: 'arn:aws:iam::111111111111:role/deploy', profile: 'p' }),
      two: block({ profile: 'two' }),
    },
    stacks: Object.fromEntries([
      stack('a', 'one'),
      stack('b', 'one-too'),
      stack('c', 'two'),
      stack('d', 'two'),
      stack('e'),
    ]),
  } as unknown as Project;
}
const all = ['a', 'b', 'c', 'd', 'e'];

describe('the room for stack operations', () => {
  it('is what the project says in all, and otherwise what the engine bears', () => {
    expect(startable(all, [], roomOf(project({}), 3))).to.deep.equal(['a', 'b', 'c']);
    expect(startable(all, [], roomOf(project({ parallel: 2 }), 3))).to.deep.equal(['a', 'b']);
    expect(startable(all, ['x'], roomOf(project({ parallel: 2 }), 3))).to.deep.equal(['a']);
  });

  it('lets one account fill without keeping the others waiting', () => {
    const room = roomOf(project({ parallel: 16, limits: { perAccount: 1, accounts: {} } }), 1);
    expect(startable(all, [], room)).to.deep.equal(['a', 'c', 'e']);
    expect(startable(['b', 'd'], ['a', 'e'], room), 'an account that is full').to.deep.equal(['d']);
  });

  it('takes the limit of a single account before that of all', () => {
    const room = roomOf(project({ limits: { perAccount: 2, accounts: { two: 1 } } }), 16);
    expect(startable(all, [], room)).to.deep.equal(['a', 'b', 'c', 'e']);
    expect(
      startable(all, [], roomOf(project({ limits: { accounts: { two: 1 } } }), 16)),
      'others have none',
    ).to.deep.equal(['a', 'b', 'c', 'e']);
  });

  it('is never more than the backend bears', () => {
    const room = roomOf(project({ parallel: 16, limits: { perBackend: 2, accounts: {} } }), 16);
    expect(startable(all, [], room)).to.deep.equal(['a', 'b']);
    expect(startable(all, ['x', 'y'], room)).to.deep.equal([]);
  });

  it('counts by the account an environment names, else its role’s, its profile, its own name', () => {
    const role = 'arn:aws:iam::222222222222:role/deploy';
    expect(accountOf('here', block({ account: 'named', role, profile: 'p' }))).to.equal('named');
    expect(accountOf('here', block({ role, profile: 'p' }))).to.equal('222222222222');
    expect(accountOf('here', block({ profile: 'p' }))).to.equal('p');
    expect(accountOf('here', block({}))).to.equal('here');
    expect(accountOf('', undefined)).to.equal('');
  });
});
