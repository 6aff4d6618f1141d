/** Names of resources: `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`. */
export const ROOT_STACK = 'pulumi:pulumi:Stack';
const PROVIDER_PREFIX = 'pulumi:providers:';

export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** The types of the parents and the resource's own, joined by `$`. */
  readonly qualifiedType: string;
  readonly name: string;
}

/** Throws on what is no URN. */
export function parseUrn(urn: string): UrnParts {
  const [head, project, qualifiedType, ...name] = urn.split('::');
  if (!head?.startsWith('urn:pulumi:') || project === undefined || qualifiedType === undefined) {
    throw new Error(`invalid URN ${JSON.stringify(urn)}`);
  }
  return { stack: head.slice('urn:pulumi:'.length), project, qualifiedType, name: name.join('::') };
}

/** `parentType` is the parent's qualified type; that of the root stack does not count. */
export function makeUrn(parts: {
  stack: string;
  project: string;
  parentType: string | undefined;
  type: string;
  name: string;
}): string {
  const { stack, project, parentType, type, name } = parts;
  const qualified = parentType && parentType !== ROOT_STACK ? `${parentType}$${type}` : type;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

export function qualifiedTypeOf(urn: string): string {
  return parseUrn(urn).qualifiedType;
}

export function typeOf(urn: string): string {
  const qualified = qualifiedTypeOf(urn);
  return qualified.slice(qualified.lastIndexOf('$') + 1);
}

export function nameOf(urn: string): string {
  return parseUrn(urn).name;
}

export function isRootStack(urn: string): boolean {
  return qualifiedTypeOf(urn) === ROOT_STACK;
}

/** `lab` of `lab:index:Thing`; `pulumi` of `pulumi:providers:lab`. */
export function packageOf(type: string): string {
  const end = type.indexOf(':');
  return end < 0 ? type : type.slice(0, end);
}

export function isProviderType(type: string): boolean {
  return type.startsWith(PROVIDER_PREFIX);
}

export function providerType(packageName: string): string {
  return PROVIDER_PREFIX + packageName;
}

/** `lab` of `pulumi:providers:lab`. */
export function providerPackage(type: string): string {
  return type.slice(PROVIDER_PREFIX.length);
}

export function isDefaultProvider(urn: string): boolean {
  return isProviderType(typeOf(urn)) && nameOf(urn).startsWith('default');
}

/** A resource names its provider as `<urn>::<id>`. */
export interface ProviderReference {
  readonly urn: string;
  readonly id: string;
}

export function parseReference(reference: string): ProviderReference {
  const end = reference.lastIndexOf('::');
  if (end < 0) throw new Error(`expected '::' in provider reference '${reference}'`);
  return { urn: reference.slice(0, end), id: reference.slice(end + 2) };
}

export function formatReference(reference: ProviderReference): string {
  return `${reference.urn}::${reference.id}`;
}
