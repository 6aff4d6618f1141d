import { Refusal } from '../state/refusal';
import type { Invocation } from './invocation';

/**
 * Variables by which the real CLI does something else, or keeps its state in another way, than this engine: they are named,
 * never ignored.
 */
const REFUSED: readonly string[] = [
  'PULUMI_RUN_PROGRAM',
  'PULUMI_SKIP_CHECKPOINTS',
  'PULUMI_ENABLE_LEGACY_DIFF',
  'PULUMI_ENABLE_LEGACY_REFRESH_DIFF',
  'PULUMI_DISABLE_PROVIDER_PREVIEW',
  'PULUMI_DISABLE_RESOURCE_REFERENCES',
  'PULUMI_DISABLE_OUTPUT_VALUES',
  'PULUMI_DIY_BACKEND_LEGACY_LAYOUT',
  'PULUMI_DIY_BACKEND_GZIP',
  'PULUMI_DIY_BACKEND_ZSTD',
];

/** Throws a Refusal that names the variable. */
export function refuseVariables({ env }: Invocation): void {
  const refused = REFUSED.find((name) => isOn(env[name]));
  if (refused !== undefined) throw new Refusal(`the embedded engine does not support ${refused}`);
}

/** Whether a variable asks for what `--continue-on-error` does. */
export function continuesOnError({ env, arguments: given }: Invocation): boolean {
  return given.has('continue-on-error') || isOn(env['PULUMI_CONTINUE_ON_ERROR']);
}

/** How many steps at once, where the command line does not say; what is no such number says nothing. */
export function parallelIn({ env }: Invocation): string | undefined {
  const value = env['PULUMI_PARALLEL'];
  return value !== undefined && /^0*[1-9]\d*$/.test(value) ? value : undefined;
}

const isOn = (value: string | undefined): boolean => value !== undefined && /^(1|true)$/i.test(value);
