import { revealAll } from '../embedded/wire';
import type { Cloud } from './cloud';
import { at, imagesOf, texts } from './dialect';
import { befalling, delayOf, isUnhealthy } from './fault';
import type { Resource } from './resource';

/** What stands behind a DNS name of the sandbox, as a request to it would find it now. */
export type Backend =
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'service';
      readonly service: string;
      readonly stack: string;
      readonly image?: string;
      /** Label `app.kubernetes.io/version` of the pods. */
      readonly release?: string;
      readonly ready: number;
    };

const DEPTH = 8;
const UNKNOWN_HOST: Backend = { kind: 'unknown' };
const WORKLOADS = ['kubernetes:apps/v1:Deployment', 'kubernetes:apps/v1:StatefulSet'];

/** Follows records, load balancers and Services to the pods. Names that lead nowhere are `unknown`. */
export function route(cloud: Cloud, host: string, path: string): Backend {
  let name = host.toLowerCase().replace(/\.$/, '');
  for (let depth = 0; depth < DEPTH; depth++) {
    const resource = cloud.answering(name)[0];
    if (!resource) return UNKNOWN_HOST;
    if (resource.type !== 'aws:route53/record:Record') return behind(cloud, resource, host, path);
    const next = target(resource);
    if (next === undefined) return UNKNOWN_HOST;
    name = next;
  }
  return UNKNOWN_HOST;
}

function target({ outputs }: Resource): string | undefined {
  const value = at(outputs, 'aliases', 0, 'name') ?? at(outputs, 'records', 0);
  return typeof value === 'string'
    ? value
        .toLowerCase()
        .replace(/^dualstack\./, '')
        .replace(/\.$/, '')
    : undefined;
}

function behind(cloud: Cloud, resource: Resource, host: string, path: string): Backend {
  switch (resource.type) {
    case 'kubernetes:core/v1:Service':
      return service(cloud, resource);
    case 'aws:lb/loadBalancer:LoadBalancer':
    case 'aws:alb/loadBalancer:LoadBalancer':
      return balancer(cloud, resource);
    default:
      return resource.type.endsWith(':Ingress') ? ingress(cloud, resource, host, path) : UNKNOWN_HOST;
  }
}

function service(cloud: Cloud, { name, stack, scope, outputs }: Resource): Backend {
  const selector = Object.entries(texts(at(outputs, 'spec', 'selector')));
  const namespace = at(outputs, 'metadata', 'namespace');
  const pods = WORKLOADS.flatMap((type) => cloud.ofType(type, stack)).filter((workload) => {
    const labels = texts(at(workload.outputs, 'spec', 'template', 'metadata', 'labels'));
    return (
      workload.scope === scope &&
      at(workload.outputs, 'metadata', 'namespace') === namespace &&
      selector.length > 0 &&
      selector.every(([key, value]) => labels[key] === value)
    );
  });
  // While a workload is being replaced there are two; requests reach whichever is ready, the newest first.
  const serving = pods.findLast((each) => readyPods(cloud, each) > 0) ?? pods.at(-1);
  const known = { kind: 'service', service: serviceName(outputs, name), stack } as const;
  if (!serving) return { ...known, ready: 0 };
  const image = imagesOf(serving.type, revealAll(serving.inputs))[0];
  const labels = texts(at(serving.outputs, 'spec', 'template', 'metadata', 'labels'));
  const release = labels['app.kubernetes.io/version'];
  return {
    ...known,
    ready: readyPods(cloud, serving),
    ...(image === undefined ? {} : { image }),
    ...(release === undefined ? {} : { release }),
  };
}

function serviceName(outputs: unknown, otherwise: string): string {
  const name = at(outputs, 'metadata', 'name');
  return typeof name === 'string' ? name : otherwise;
}

/** As last reported; none where a fault of this process says so. */
function readyPods(cloud: Cloud, { stack, type, name, inputs, ready = 0, changed }: Resource): number {
  const target = { stack, type, name, images: imagesOf(type, revealAll(inputs)) };
  const faults = befalling(cloud.settings, target);
  const delay = delayOf(faults);
  return isUnhealthy(faults) || (delay > 0 && cloud.clock.now() < changed + delay) ? 0 : ready;
}

function ingress(cloud: Cloud, resource: Resource, host: string, path: string): Backend {
  const rules = at(resource.outputs, 'spec', 'rules');
  const matching = (Array.isArray(rules) ? rules : []).filter((rule) => {
    const wanted = at(rule, 'host');
    return wanted === undefined || wanted === host;
  });
  const paths = matching.flatMap((rule): unknown[] => {
    const list = at(rule, 'http', 'paths');
    return Array.isArray(list) ? list : [];
  });
  const length = (each: unknown): number => String(at(each, 'path') ?? '/').length;
  const longest = paths
    .filter((each) => path.startsWith(String(at(each, 'path') ?? '/')))
    .sort((left, right) => length(right) - length(left))[0];
  const name =
    at(longest, 'backend', 'service', 'name') ??
    at(resource.outputs, 'spec', 'defaultBackend', 'service', 'name');
  const namespace = at(resource.outputs, 'metadata', 'namespace');
  const found = cloud
    .ofType('kubernetes:core/v1:Service', resource.stack)
    .find(
      ({ outputs, scope }) =>
        scope === resource.scope &&
        at(outputs, 'metadata', 'name') === name &&
        at(outputs, 'metadata', 'namespace') === namespace,
    );
  return found
    ? service(cloud, found)
    : { kind: 'service', service: resource.name, stack: resource.stack, ready: 0 };
}

/** An Application or Network Load Balancer answers when a listener of it forwards, and no fault befell it. */
function balancer(cloud: Cloud, { stack, type, name, id }: Resource): Backend {
  const listeners = ['aws:lb/listener:Listener', 'aws:alb/listener:Listener']
    .flatMap((each) => cloud.ofType(each, stack))
    .filter(({ outputs }) => outputs['loadBalancerArn'] === id);
  const groups = listeners.flatMap(({ outputs }): unknown[] => {
    const actions = outputs['defaultActions'];
    return Array.isArray(actions) ? actions.map((action) => at(action, 'targetGroupArn')) : [];
  });
  const targets = ['aws:lb/targetGroup:TargetGroup', 'aws:alb/targetGroup:TargetGroup']
    .flatMap((each) => cloud.ofType(each, stack))
    .filter((group) => groups.includes(group.id));
  const isDown = [{ type, name }, ...targets].some((each) =>
    isUnhealthy(befalling(cloud.settings, { stack, type: each.type, name: each.name, images: [] })),
  );
  return { kind: 'service', service: name, stack, ready: listeners.length === 0 || isDown ? 0 : 1 };
}
