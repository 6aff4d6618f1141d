import { parseAllDocuments } from 'yaml';
import type { CheckFailure, Wire, WireObject } from '../embedded/provider';
import { ABOUT_ACCOUNT } from './functions/account';
import { type Answers, type Invocation, written } from './functions/answer';
import { LOOKUPS } from './functions/lookup';
import { policyDocument } from './functions/policy-document';
import { Refusal } from './resource';

/** Answers a provider function. Throws a Refusal that names it where the sandbox does not know it. */
export function invoke(invocation: Invocation): { result: WireObject; failures: readonly CheckFailure[] } {
  const name = invocation.token.split(':').at(-1) ?? '';
  const answer = ANSWERS[invocation.token] ?? ANSWERS[`${invocation.token.split(':')[0]}::${name}`];
  if (!answer) throw new Refusal(`the sandbox does not know the function ${invocation.token}`);
  return { result: answer(invocation), failures: [] };
}

const ANSWERS: Answers = {
  ...ABOUT_ACCOUNT,
  ...LOOKUPS,
  'aws:iam/getPolicyDocument:getPolicyDocument': policyDocument,
  'kubernetes:yaml:decode': ({ args }) => ({
    result: parseAllDocuments(written(args, 'text') ?? '')
      .map((document) => document.toJS() as Wire)
      .filter((document) => document !== null),
  }),
};
