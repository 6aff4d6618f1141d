import type { ConfigValue } from '../state/stack-file';

/** A configured value as `--json` shows it; a secret one only where secrets are asked for. */
export function shownValue(value: ConfigValue, isOpen: boolean): object {
  if (value.isSecret && !isOpen) return { secret: true };
  return {
    value: value.value,
    ...(value.isObject ? { objectValue: JSON.parse(value.value) } : {}),
    secret: value.isSecret,
  };
}
