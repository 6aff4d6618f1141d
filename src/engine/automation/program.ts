import type * as pulumi from '@pulumi/pulumi';
import type { Value } from '../../core/project';
import type { Operation, ProgramComponent } from '../port';

/** A component's module as written by its author: a class, and zod schemas of what goes in and comes out. */
export interface ComponentModule {
  readonly default: new (
    name: string,
    args: Readonly<Record<string, unknown>>,
    options: pulumi.ComponentResourceOptions,
  ) => pulumi.ComponentResource & Readonly<Record<string, unknown>>;
  readonly inputs: InputSchema;
  readonly outputs?: { readonly shape: Readonly<Record<string, unknown>> };
}

type Parsed =
  | { readonly success: true; readonly data: unknown }
  | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}
interface InputSchema {
  readonly shape: Readonly<Record<string, Schema>>;
  /** What further keys must be: never in a strict object, anything in a loose one; undefined where they are dropped. */
  readonly def?: { readonly catchall?: object | undefined };
  safeParse(value: unknown): Parsed;
}
interface Schema {
  safeParse(value: unknown): Parsed;
}

/** What the program needs from its surroundings; both are loaded from the user's repository, so that there is one copy. */
export interface Surroundings {
  readonly pulumi: typeof pulumi;
  /** Stacks that do not exist yet: what they will give is unknown in a preview. */
  readonly absent: ReadonlySet<string>;
  component(component: ProgramComponent): ComponentModule;
  /** The module of a provider package: `aws` → `@pulumi/aws`. */
  provider(packageName: string): {
    readonly Provider: new (name: string, args: Readonly<Record<string, unknown>>) => pulumi.ProviderResource;
  };
}

/**
 * The Pulumi program of one stack: one explicit provider per package, then every component with its inputs resolved.
 * Nothing of a track, commit or version enters a name, so that moving a stack between tracks never re-creates anything.
 */
export function stackProgram(
  operation: Pick<Operation, 'components' | 'providers' | 'outputs'>,
  around: Surroundings,
): () => Promise<Record<string, unknown>> {
  return async () => {
    const { pulumi } = around;
    const components = new Map<string, Readonly<Record<string, unknown>>>();
    const stacks = new Map<string, pulumi.StackReference>();

    const reference = (path: string): unknown => {
      const [name = '', output = '', ...rest] = path.split('.');
      const component = components.get(name);
      if (!component) throw new Error(`"${path}" names no component of this stack that comes before`);
      return walk(pulumi, component[output], rest);
    };
    const fromStack = (name: string, path: string): unknown => {
      const isDryRun = pulumi.runtime.isDryRun();
      // Updates come in the order of their dependencies; a preview of all may be asked before the first of them.
      if (isDryRun && around.absent.has(name)) return pulumi.output(pulumi.unknown);
      const known =
        stacks.get(name) ??
        new pulumi.StackReference(`${pulumi.getOrganization()}/${pulumi.getProject()}/${name}`);
      stacks.set(name, known);
      const [output = '', ...rest] = path.split('.');
      const value = isDryRun
        ? known.getOutput(output).apply((there) => there ?? pulumi.unknown)
        : known.requireOutput(output);
      return walk(pulumi, value, rest);
    };
    const resolve = (value: Value): unknown => {
      if (value === null || typeof value !== 'object') return value;
      if (isList(value)) return value.map(resolve);
      const { from, secret, fromStack: stack, output } = value;
      const size = Object.keys(value).length;
      if (size === 1 && typeof from === 'string') return reference(from);
      if (size === 1 && typeof secret === 'string') return new pulumi.Config().requireSecret(secret);
      if (size === 2 && typeof stack === 'string' && typeof output === 'string')
        return fromStack(stack, output);
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
    };

    const providers = Object.entries(operation.providers).map(([name, inputs]) => {
      const Provider = around.provider(name).Provider;
      return [name, new Provider(name, resolve(inputs) as Record<string, unknown>)] as const;
    });
    const outputs: Record<string, unknown> = {};
    for (const component of operation.components) {
      const module = around.component(component);
      const inputs = parseInputs(component, module.inputs);
      const args = Object.fromEntries(
        Object.entries(inputs).map(([key, value]) => [
          key,
          key in component.inputs && hasReference(component.inputs[key])
            ? resolve(component.inputs[key] ?? null)
            : value,
        ]),
      );
      const instance = new module.default(component.name, args, { providers: Object.fromEntries(providers) });
      components.set(component.name, instance);
      outputs[component.name] = Object.fromEntries(
        Object.keys(module.outputs?.shape ?? {}).map((key) => [key, instance[key]]),
      );
    }
    for (const [name, value] of Object.entries(operation.outputs)) outputs[name] = resolve(value);
    return outputs;
  };
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

function hasReference(value: Value | undefined): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (isList(value)) return value.some(hasReference);
  const keys = Object.keys(value).sort().join();
  return ['from', 'secret', 'fromStack,output'].includes(keys) || Object.values(value).some(hasReference);
}

/** Defaults filled in and written values checked; inputs that hold references are known only while the program runs. */
function parseInputs(component: ProgramComponent, schema: InputSchema): Record<string, unknown> {
  const entries = Object.entries(component.inputs);
  if (!entries.some(([, value]) => hasReference(value)))
    return accept(component, schema.safeParse(component.inputs)) as Record<string, unknown>;
  const accepted = (key: string, shape: Schema, value: Value | undefined): readonly [string, unknown] => [
    key,
    hasReference(value) ? value : accept(component, shape.safeParse(value), key),
  ];
  const named = Object.entries(schema.shape).map(([key, shape]) =>
    accepted(key, shape, component.inputs[key]),
  );
  const others = entries.filter(([key]) => !(key in schema.shape));
  const catchall = schema.def?.catchall as (Schema & { readonly def: { readonly type: string } }) | undefined;
  const [unknown] = others;
  if (unknown && catchall?.def.type === 'never')
    throw new Error(`component ${component.name}: "${unknown[0]}" is not an input`);
  const further = catchall ? others.map(([key, value]) => accepted(key, catchall, value)) : [];
  return Object.fromEntries([...named, ...further].filter(([, value]) => value !== undefined));
}

function accept(component: ProgramComponent, parsed: Parsed, key?: string): unknown {
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.map(
    (issue) => `${[key, ...issue.path].filter((part) => part !== undefined).join('.')}: ${issue.message}`,
  );
  throw new Error(`component ${component.name} refuses its inputs: ${said.join('; ')}`);
}

/** A property inside an output, also where the output is a promise of the engine's. */
function walk(sdk: typeof pulumi, value: unknown, path: readonly string[]): unknown {
  if (path.length === 0) return value;
  const whole: pulumi.Output<unknown> = sdk.output(value);
  return whole.apply((known) =>
    path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], known),
  );
}
