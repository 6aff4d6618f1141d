import { ABOUT_ACCOUNT } from './account';
import type { Answer, Answers } from './answer';
import { policyDocument } from './policy-document';

/** Functions that answer from the seed, the stack, the provider's inputs and the arguments alone: the same at every look. */
export const SETTLED: Answers = {
  ...ABOUT_ACCOUNT,
  'aws:iam/getPolicyDocument:getPolicyDocument': policyDocument,
};

export const isSettled = (token: string): boolean => answerIn(SETTLED, token) !== undefined;

export function answerIn(answers: Answers, token: string): Answer | undefined {
  const [packageName, , name] = token.split(':');
  return answers[token] ?? answers[`${packageName}::${name}`];
}
