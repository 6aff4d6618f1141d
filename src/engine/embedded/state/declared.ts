import { Refusal } from './refusal';

/** One key of `config:` in a project's file: a type with a default for keys of its own, a value for those of packages. */
export interface Declaration {
  /** As it is written. */
  readonly key: string;
  /** Namespace and name. */
  readonly fullKey: string;
  /** Of the project's own namespace: a value is needed. */
  readonly isOwn: boolean;
  readonly type: ValueType | undefined;
  readonly isSecret: boolean;
  /** What holds where the stack says nothing. */
  readonly value: unknown;
}

/** `array` with what is in it, or a plain type. */
export interface ValueType {
  readonly type: string;
  readonly items?: ValueType | undefined;
}

/** A value as the stack has it, its secrets open. */
export interface Configured {
  readonly value: string;
  readonly isSecret: boolean;
  readonly isObject: boolean;
}

/** Reads `config:`; Refusals for declarations that make no sense. */
export function declarationsOf(project: string, config: Readonly<Record<string, unknown>>): Declaration[] {
  return Object.entries(config).map(([key, written]) => {
    const isOwn = !key.includes(':') || key.startsWith(`${project}:`);
    const fullKey = key.includes(':') ? key : `${project}:${key}`;
    if (!isDeclaration(written)) {
      return { key, fullKey, isOwn, type: undefined, isSecret: false, value: written };
    }
    refuseSenseless(key, isOwn, written);
    const { type, items, secret } = written;
    return {
      key,
      fullKey,
      isOwn,
      type: type === undefined ? undefined : { type, items },
      isSecret: secret === true,
      value: written.default ?? written.value ?? undefined,
    };
  });
}

/** Refuses a stack whose configuration lacks what its project declares, or is of another type; in the real CLI's words. */
export function refuseUndeclared(
  stack: string,
  declarations: readonly Declaration[],
  config: ReadonlyMap<string, Configured>,
): void {
  const sorted = declarations.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const missing = sorted.filter(({ isOwn, fullKey }) => isOwn && !config.has(fullKey));
  if (missing.length > 0) {
    const names = missing.map(({ key }) => `'${key}'`);
    const list = names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
    throw invalid(stack, `is missing configuration value${names.length > 1 ? 's' : ''} ${list}`);
  }
  for (const { key, fullKey, type, isSecret } of sorted) {
    const found = config.get(fullKey);
    if (type === undefined || found === undefined) continue;
    if (isSecret && !found.isSecret) {
      throw invalid(stack, `with configuration key '${key}' must be encrypted as it's secret`);
    }
    if (!fits(type, found.isObject ? JSON.parse(found.value) : found.value)) {
      throw invalid(stack, `with configuration key '${key}' must be of type '${nameOf(type)}'`);
    }
  }
}

function invalid(stack: string, what: string): Refusal {
  return new Refusal(`validating stack config: Stack '${stack}' ${what}`);
}

interface Written {
  readonly type?: string;
  readonly items?: ValueType;
  readonly secret?: boolean;
  readonly default?: unknown;
  readonly value?: unknown;
}

function isDeclaration(written: unknown): written is Written {
  return typeof written === 'object' && written !== null && !Array.isArray(written);
}

function refuseSenseless(key: string, isOwn: boolean, written: Written): void {
  const { type, items } = written;
  const has = (value: unknown): boolean => value !== undefined && value !== null;
  if (has(written.default) && has(written.value)) {
    throw new Refusal(`project config '${key}' cannot have both a 'default' and 'value' attribute`);
  }
  if (isOwn) {
    if (type === undefined) return;
    if (type === 'array' && items === undefined) {
      throw new Refusal(
        `The configuration key '${key}' declares an array but does not specify the underlying type via the 'items' attribute`,
      );
    }
    if (has(written.default) && !fits({ type, items }, written.default)) {
      const expected = nameOf({ type, items });
      throw new Refusal(
        `The default value specified for configuration key '${key}' is not of the expected type '${expected}'`,
      );
    }
    return;
  }
  if (type !== undefined) {
    throw new Refusal(
      `Configuration key '${key}' is not namespaced by the project and should not define a type`,
    );
  }
  if (has(written.default)) {
    throw new Refusal(
      `Configuration key '${key}' is not namespaced by the project and should not define a default value. ` +
        "Did you mean to use the 'value' attribute instead of 'default'?",
    );
  }
  if (!has(written.value)) {
    throw new Refusal(`Configuration key '${key}' is namespaced and must provide an attribute 'value'`);
  }
}

/** Texts count where they can be read as what is wanted. */
function fits({ type, items }: ValueType, value: unknown): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'integer':
      return Number.isInteger(value) || (typeof value === 'string' && /^[+-]?\d+$/.test(value));
    case 'boolean':
      return typeof value === 'boolean' || value === 'true' || value === 'false';
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return Array.isArray(value) && items !== undefined && value.every((item) => fits(items, item));
  }
}

function nameOf({ type, items }: ValueType): string {
  return items === undefined ? type : `array<${nameOf(items)}>`;
}
