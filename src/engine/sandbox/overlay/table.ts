import { DATABASES } from './databases';
import { DELIVERY } from './delivery';
import { EC2 } from './ec2';
import { NETWORK } from './network';
import { arn, hex, type Overlay, type Overlays, uuid } from './overlay';
import { PARTS } from './parts';
import { PLATFORM } from './platform';
import { STORAGE } from './storage';

const AWS: Overlays = { ...EC2, ...STORAGE, ...PLATFORM, ...NETWORK, ...DATABASES, ...DELIVERY, ...PARTS };

/** What is known of a type by hand; undefined for the rest. */
export function overlayOf(type: string): Overlay | undefined {
  return AWS[type];
}

/** The types of AWS that were described by hand. */
export const DESCRIBED: readonly string[] = Object.keys(AWS);

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
