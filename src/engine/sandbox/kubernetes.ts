import { instant } from '../../core/time';
import { type CheckFailure, UNKNOWN, type Wire, type WireObject } from '../embedded/provider';
import { isPlain, isSecret, reveal, revealAll, secret } from '../embedded/wire';
import { at, type CheckCall, type Dialect, texts } from './dialect';
import { immutableFields } from './kubernetes-fields';
import { addedSpec, statusOf } from './kubernetes-status';
import { digest, type Facts, hex } from './overlay/overlay';
import { schemaOf } from './schema';
import { validate } from './validate';

/** What marks a name that the provider made up; the real provider's own annotation. */
const AUTONAMED = 'pulumi.com/autonamed';

/** As often as a client of the API server tries. */
const ATTEMPTS = 11;

const EPOCH = instant(0);

const CLUSTER_WIDE: ReadonlySet<string> = new Set([
  'APIService',
  'CSIDriver',
  'CSINode',
  'CertificateSigningRequest',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'FlowSchema',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
]);

function kindOf(type: string): string {
  return (type.split(':').at(-1) ?? '').replace(/Patch$/, '');
}

/** Helm releases, directories of manifests and the like: resources of the provider, not of the API server. */
function isObject(type: string): boolean {
  return !type.startsWith('kubernetes:helm.sh/') && !type.startsWith('kubernetes:kustomize');
}

function check({ type, name, olds, news, config, suffix }: CheckCall): ReturnType<Dialect['check']> {
  if (!isObject(type)) return { inputs: news, failures: [] };
  const schema = schemaOf(type);
  // Manifests may bring a status along; the API server leaves it aside.
  const { status: _status, ...own } = news;
  const failures: CheckFailure[] = schema ? validate(schema, own) : [];
  for (const property of ['apiVersion', 'kind']) {
    if (news[property] === undefined) failures.push({ property, reason: 'is required' });
  }
  const whole = news['metadata'];
  const given = open(whole);
  const metadata: WireObject = isPlain(given) ? { ...given } : {};
  if (metadata['name'] === undefined && metadata['generateName'] === undefined && given !== UNKNOWN) {
    const old = reveal(olds['metadata'] ?? null);
    const annotations = metadata['annotations'];
    const kept = isAutonamed(old) ? at(old, 'name') : undefined;
    metadata['name'] = typeof kept === 'string' ? kept : `${name.toLowerCase()}-${suffix(8)}`;
    metadata['annotations'] = { ...(isPlain(annotations) ? annotations : {}), [AUTONAMED]: 'true' };
  }
  if (!CLUSTER_WIDE.has(kindOf(type)) && metadata['namespace'] === undefined && given !== UNKNOWN) {
    const namespace = config['namespace'];
    metadata['namespace'] = typeof namespace === 'string' && namespace !== '' ? namespace : 'default';
  }
  failures.push(...checkName(reveal(metadata['name'] ?? null), type));
  if (given === UNKNOWN) return { inputs: news, failures };
  return { inputs: { ...news, metadata: isSecret(whole) ? secret(metadata) : metadata }, failures };
}

function checkName(name: unknown, type: string): CheckFailure[] {
  const isFree = type.startsWith('kubernetes:rbac.');
  if (typeof name !== 'string' || name === UNKNOWN || isFree) return [];
  if (name.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) return [];
  return [
    {
      property: 'metadata.name',
      reason: `Invalid value: ${JSON.stringify(name)}: lower case letters, digits, '-' and '.' only`,
    },
  ];
}

/** Without a secret around the whole; what secrets are within stay so. */
function open(value: Wire | undefined): Wire | undefined {
  return isSecret(value) ? value['value'] : value;
}

function isAutonamed(metadata: unknown): boolean {
  return at(metadata, 'annotations', AUTONAMED) === 'true';
}

function cluster(config: WireObject): string {
  for (const key of ['clusterIdentifier', 'cluster', 'context']) {
    const value = config[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return 'cluster';
}

function region(config: WireObject): string {
  const words = ['clusterIdentifier', 'cluster', 'context', 'kubeconfig'].map((key) => config[key]);
  return /\b(af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\d\b/.exec(words.join(' '))?.[0] ?? 'eu-west-1';
}

function uid(facts: Facts): string {
  const digits = hex(facts, 32, 'uid');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function outputs(
  type: string,
  { facts, inputs, before, ready }: Parameters<Dialect['outputs']>[1],
): WireObject {
  const given = open(inputs['metadata']);
  const started = 1_000 + Number.parseInt(hex(facts, 5, 'version'), 16);
  const metadata: WireObject = {
    ...(isPlain(given) ? given : {}),
    uid: uid(facts),
    creationTimestamp: new Date(facts.created).toISOString().replace(/\.\d+Z$/, 'Z'),
    generation: facts.revision,
    resourceVersion: String(started + facts.revision),
  };
  const spec = inputs['spec'];
  const added = addedSpec(type, facts);
  const status = statusOf(type, facts, ready);
  return {
    ...inputs,
    metadata,
    ...(isPlain(spec) && added ? { spec: { ...added, ...spec } } : {}),
    ...(status ? { status } : before['status'] === undefined ? {} : { status: before['status'] }),
  };
}

export const KUBERNETES: Dialect = {
  packageName: 'kubernetes',
  scopeOf: cluster,
  regionOf: region,
  replaceConfig: ['clusterIdentifier', 'cluster', 'context'],
  check,
  nameOf(_type, inputs) {
    const name = at(revealAll(inputs), 'metadata', 'name');
    return typeof name === 'string' ? name : undefined;
  },
  replace(type, config, news) {
    const kind = kindOf(type);
    const identity = ['apiVersion', 'kind', 'metadata.name', 'metadata.namespace'];
    const isMutable = news['immutable'] !== true;
    if (kind === 'ConfigMap' && isMutable && config['enableConfigMapMutable'] === true) return identity;
    if (kind === 'Secret' && isMutable && config['enableSecretMutable'] === true)
      return [...identity, 'type'];
    const fields = immutableFields(kind) ?? [];
    // An address that is no longer asked for may stay.
    const isOpen = kind === 'Service' && at(news, 'spec', 'clusterIP') === undefined;
    return [...identity, ...(isOpen ? fields.filter((field) => field !== 'spec.clusterIP') : fields)];
  },
  isExclusive(_type, olds, news) {
    const [old, fresh] = [reveal(olds['metadata'] ?? null), reveal(news['metadata'] ?? null)];
    const isSame = (key: string): boolean => at(old, key) === at(fresh, key);
    return isSame('name') && isSame('namespace') && !isAutonamed(fresh);
  },
  foresee({ type }, inputs, site) {
    if (!isObject(type)) return { ...inputs, status: UNKNOWN };
    const given = open(inputs['metadata']);
    const metadata: WireObject = { ...(isPlain(given) ? given : {}) };
    for (const key of ['uid', 'creationTimestamp', 'generation', 'resourceVersion']) metadata[key] = UNKNOWN;
    const spec = inputs['spec'];
    const blank = { ...site, urn: '', name: '', id: '', inputs: {}, births: 0, revision: 1 };
    const added = addedSpec(type, { ...blank, created: EPOCH, lookup: () => undefined });
    const unknown = Object.fromEntries(Object.keys(added ?? {}).map((key) => [key, UNKNOWN]));
    return {
      ...inputs,
      ...(given === UNKNOWN ? {} : { metadata }),
      ...(isPlain(spec) && added ? { spec: { ...unknown, ...spec } } : {}),
      ...(schemaOf(type)?.get('status')?.isOutput === false ? {} : { status: UNKNOWN }),
    };
  },
  idOf(type, facts) {
    const metadata = facts.inputs['metadata'];
    const name = at(metadata, 'name') ?? `${String(at(metadata, 'generateName') ?? '')}${hex(facts, 5)}`;
    const namespace = at(metadata, 'namespace');
    if (!isObject(type)) return `default/${facts.name}-${digest(8, facts.urn)}`;
    return typeof namespace === 'string' ? `${namespace}/${String(name)}` : String(name);
  },
  wholeId: (type, id) =>
    id.includes('/') || !isObject(type) || CLUSTER_WIDE.has(kindOf(type)) ? id : `default/${id}`,
  outputs(type, work) {
    return isObject(type)
      ? outputs(type, work)
      : { ...work.inputs, status: { status: 'deployed', revision: work.facts.revision } };
  },
  hosts(type, outputs) {
    const names: unknown[] = [at(outputs, 'status', 'loadBalancer', 'ingress', 0, 'hostname')];
    if (kindOf(type) === 'Ingress') {
      const rules = at(outputs, 'spec', 'rules');
      if (Array.isArray(rules)) names.push(...rules.map((rule) => at(rule, 'host')));
    }
    if (kindOf(type) === 'Service') {
      const external = texts(at(outputs, 'metadata', 'annotations'))[
        'external-dns.alpha.kubernetes.io/hostname'
      ];
      names.push(external);
    }
    return names.filter((name) => typeof name === 'string').map((name) => name.toLowerCase());
  },
  patience: () => ({
    attempts: ATTEMPTS,
    message: 'the server has received too many requests and has asked us to try again later',
  }),
  sensitive: (type) => (kindOf(type) === 'Secret' ? ['data', 'stringData'] : []),
};
