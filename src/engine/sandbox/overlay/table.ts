import { EC2, uuid } from './ec2';
import { NETWORK } from './network';
import { arn, hex, type Overlay, type Overlays } from './overlay';
import { PLATFORM } from './platform';
import { STORAGE } from './storage';

const AWS: Overlays = { ...EC2, ...STORAGE, ...PLATFORM, ...NETWORK };

/** Types of Kubernetes whose deletion loses what was written into them. */
const STATEFUL_KINDS = new Set([
  'PersistentVolumeClaim',
  'PersistentVolume',
  'StatefulSet',
  // What lives in it goes with it.
  'Namespace',
  'CustomResourceDefinition',
]);

/** What is known of a type by hand; undefined for the rest. */
export function overlayOf(type: string): Overlay | undefined {
  return AWS[type];
}

/** What a type of AWS does that nobody described: an id and ARN of its own, every change in place. */
export function unknownType(type: string): Overlay {
  const [, module = 'service', kind = 'thing'] = type.split(':');
  const service = module.split('/')[0] ?? module;
  return {
    stateful: true,
    autoname: { property: 'name', longest: 64 },
    id: (facts) => (typeof facts.inputs['name'] === 'string' ? facts.inputs['name'] : hex(facts, 17)),
    computed: { arn: arn(service, (facts) => `${kind.toLowerCase()}/${uuid(facts)}`) },
  };
}

/** Whether deleting a resource of this type loses something; unknown where nobody described the type. */
export function lossOf(type: string): 'stateful' | 'stateless' | 'unknown' {
  if (type.startsWith('kubernetes:')) {
    const kind = type.split(':').at(-1) ?? '';
    if (STATEFUL_KINDS.has(kind)) return 'stateful';
    return type.includes('.') && !type.includes('.k8s.io/') ? 'unknown' : 'stateless';
  }
  const overlay = overlayOf(type);
  if (!overlay) return 'unknown';
  return overlay.stateful ? 'stateful' : 'stateless';
}
