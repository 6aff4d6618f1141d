import type { Wire, WireObject } from '../embedded/provider';
import { at } from './dialect';
import { type Facts, hex } from './overlay/overlay';

/** Fields of the spec that the API server fills in; a given one comes first. */
export function addedSpec(type: string, facts: Facts): WireObject | undefined {
  if (type === 'kubernetes:core/v1:Service') {
    if (at(facts.inputs, 'spec', 'type') === 'ExternalName') return undefined;
    const bytes = hex(facts, 4, 'cluster ip');
    const [third, fourth] = [0, 2].map((from) => Number.parseInt(bytes.slice(from, from + 2), 16));
    const clusterIP = at(facts.inputs, 'spec', 'clusterIP') ?? `172.20.${third}.${1 + ((fourth ?? 0) % 250)}`;
    return { clusterIP: String(clusterIP), clusterIPs: [String(clusterIP)], type: 'ClusterIP' };
  }
  if (type === 'kubernetes:core/v1:PersistentVolumeClaim') {
    return { volumeName: `pvc-${hex(facts, 8, 'volume')}`, volumeMode: 'Filesystem' };
  }
  return undefined;
}

/** What a controller reports after a while; `ready` is the number of a workload's ready pods. */
export function statusOf(type: string, facts: Facts, ready: number | undefined): WireObject | undefined {
  const spec = facts.inputs['spec'];
  switch (type.split(':').at(-1)) {
    case 'Deployment':
    case 'StatefulSet':
    case 'ReplicaSet':
      return workload(facts, wanted(spec), ready ?? 0);
    case 'DaemonSet':
      return { currentNumberScheduled: 1, desiredNumberScheduled: 1, numberReady: ready ?? 0 };
    case 'Service':
      return { loadBalancer: at(spec, 'type') === 'LoadBalancer' ? balanced(facts) : {} };
    case 'Ingress':
      return { loadBalancer: balanced(facts) };
    case 'Namespace':
      return { phase: 'Active' };
    case 'PersistentVolumeClaim':
      return { phase: 'Bound', accessModes: wire(at(spec, 'accessModes')) ?? [] };
    case 'Pod':
      return { phase: 'Running', podIP: '10.0.0.21' };
    case 'Job':
      return {
        succeeded: 1,
        conditions: [{ type: 'Complete', status: 'True' }],
      };
    case 'HorizontalPodAutoscaler': {
      const replicas = wire(at(spec, 'minReplicas')) ?? 1;
      return { currentReplicas: replicas, desiredReplicas: replicas };
    }
    case 'PodDisruptionBudget':
      return { disruptionsAllowed: 1, observedGeneration: facts.revision };
    case 'CronJob':
    case 'NetworkPolicy':
      return {};
    default:
      return undefined;
  }
}

function wanted(spec: unknown): number {
  const replicas = at(spec, 'replicas');
  return typeof replicas === 'number' ? replicas : 1;
}

function workload(facts: Facts, replicas: number, ready: number): WireObject {
  const isAvailable = ready >= replicas;
  return {
    observedGeneration: facts.revision,
    replicas,
    updatedReplicas: replicas,
    readyReplicas: ready,
    availableReplicas: ready,
    ...(isAvailable ? {} : { unavailableReplicas: replicas - ready }),
    conditions: [
      {
        type: 'Available',
        status: isAvailable ? 'True' : 'False',
        reason: isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      },
    ],
  };
}

/** A network load balancer, as AWS's controller names it. */
function balanced(facts: Facts): WireObject {
  const metadata = facts.inputs['metadata'];
  const part = (key: string) =>
    String(at(metadata, key) ?? 'default')
      .replace(/[^a-z0-9]/gi, '')
      .slice(0, 8)
      .toLowerCase();
  const name = `k8s-${part('namespace')}-${part('name')}-${hex(facts, 10, 'balancer')}`;
  return { ingress: [{ hostname: `${name}-${hex(facts, 16, 'dns')}.elb.${facts.region}.amazonaws.com` }] };
}

function wire(value: unknown): Wire | undefined {
  return value === undefined ? undefined : (value as Wire);
}
