import { accountOf } from '../../core/room';
import type { Finding } from '../finding';
import { didYouMean } from '../suggest';
import { at, entriesAt, isText, itemsAt, type Tree, textAt } from '../tree';
import { quote } from '../wording';
import type { World } from '../world';

const TOKEN_FILE = 'AWS_WEB_IDENTITY_TOKEN_FILE';
const KEY = 'AWS_ACCESS_KEY_ID';

/** A role needs credentials that assume it, and none beside them that every AWS SDK would prefer. */
export function* rolesCanBeAssumed({ signalbox }: World): Iterable<Finding> {
  for (const [, { value: block }] of entriesAt(signalbox, 'environments')) {
    const { profile, account, role } = textsOf(block);
    const place = at(block, 'role')?.place;
    const variables = itemsAt(block, 'variables').filter(isText);
    if (place && role && !role.startsWith('arn:') && !/^\d{12}$/.test(account ?? ''))
      yield {
        at: place,
        message: `nothing says in which account the role ${quote(role)} is`,
        remedy: 'write its ARN, or the 12 digits of the account beside it',
      };
    if (place && role && !profile && !variables.some(({ value }) => value === TOKEN_FILE))
      yield {
        at: place,
        message: 'nothing says whose credentials assume this role',
        remedy: `name a profile, or the variable ${TOKEN_FILE}`,
      };
    const keys = variables.find(({ value }) => value === KEY);
    if (keys && (role || profile))
      yield {
        at: keys.place,
        message: `these keys would be used instead of the ${role ? 'role' : 'profile'}`,
        remedy: 'leave one of them out',
      };
  }
}

/** A limit of an account that no environment works in limits nothing. */
export function* limitedAccountsExist({ signalbox }: World): Iterable<Finding> {
  const known = new Set(
    entriesAt(signalbox, 'environments').map(([name, { value }]) => accountOf(name, textsOf(value))),
  );
  for (const [account, { key }] of entriesAt(signalbox, 'engine', 'limits', 'accounts'))
    if (!known.has(account))
      yield {
        at: key,
        message: `no environment works in the account ${quote(account)}`,
        remedy: didYouMean(account, known, 'accounts'),
      };
}

function textsOf(block: Tree): { readonly [key in 'account' | 'profile' | 'role']?: string } {
  const written = (['account', 'profile', 'role'] as const).map((key) => [key, textAt(block, key)] as const);
  return Object.fromEntries(written.filter(([, text]) => text !== undefined));
}
