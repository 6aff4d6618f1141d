import { parseAllDocuments } from 'yaml';
import type { CheckFailure, Wire, WireObject } from '../embedded/provider';
import { type Answers, type Invocation, written } from './functions/answer';
import { LOOKUPS } from './functions/lookup';
import { answerIn, SETTLED } from './functions/settled';
import { Refusal } from './resource';

/** Answers a provider function. Throws a Refusal that names it where the sandbox does not know it. */
export function invoke(invocation: Invocation): { result: WireObject; failures: readonly CheckFailure[] } {
  const answer = answerIn(ANSWERS, invocation.token);
  if (!answer) throw new Refusal(`the sandbox does not know the function ${invocation.token}`);
  return { result: answer(invocation), failures: [] };
}

const ANSWERS: Answers = {
  ...SETTLED,
  ...LOOKUPS,
  'kubernetes:yaml:decode': ({ args }) => ({
    result: parseAllDocuments(written(args, 'text') ?? '')
      .map((document) => document.toJS() as Wire)
      .filter((document) => document !== null),
  }),
};
