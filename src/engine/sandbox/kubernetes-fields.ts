/** Fields of a pod that nobody can change once it is there; images can. */
const POD: readonly string[] = [
  ...['affinity', 'dnsPolicy', 'hostNetwork', 'hostname', 'initContainers', 'nodeName', 'nodeSelector'],
  ...['priorityClassName', 'restartPolicy', 'securityContext', 'serviceAccountName', 'subdomain'],
  ...['terminationGracePeriodSeconds', 'volumes'],
  ...[
    'args',
    'command',
    'env',
    'envFrom',
    'lifecycle',
    'livenessProbe',
    'name',
    'ports',
    'readinessProbe',
  ].map((field) => `containers[*].${field}`),
  ...['resources', 'securityContext', 'startupProbe', 'volumeMounts', 'workingDir'].map(
    (field) => `containers[*].${field}`,
  ),
].map((field) => `spec.${field}`);

/**
 * Fields whose change means a new object: the API server refuses to change them, or the real provider does not try. Kinds with
 * an empty list can be changed in every other field; of kinds that are not here, custom ones above all, nobody knows.
 */
const IMMUTABLE: Readonly<Record<string, readonly string[]>> = {
  ClusterRole: [],
  ClusterRoleBinding: ['roleRef'],
  ConfigMap: ['data', 'binaryData', 'immutable'],
  CronJob: [],
  CustomResourceDefinition: ['spec.group', 'spec.scope'],
  DaemonSet: ['spec.selector'],
  Deployment: ['spec.selector'],
  EndpointSlice: ['addressType'],
  Endpoints: [],
  HorizontalPodAutoscaler: [],
  Ingress: [],
  IngressClass: ['spec.controller'],
  Job: ['spec.selector', 'spec.template', 'spec.completions', 'spec.completionMode'],
  Lease: [],
  LimitRange: [],
  MutatingWebhookConfiguration: [],
  Namespace: [],
  NetworkPolicy: [],
  PersistentVolume: [
    'spec.awsElasticBlockStore',
    'spec.csi',
    'spec.hostPath',
    'spec.nfs',
    'spec.nodeAffinity',
  ],
  // A larger request grows the volume in place.
  PersistentVolumeClaim: [
    ...['spec.accessModes', 'spec.dataSource', 'spec.dataSourceRef', 'spec.selector'],
    ...['spec.storageClassName', 'spec.volumeMode', 'spec.volumeName'],
  ],
  Pod: POD,
  PodDisruptionBudget: [],
  PriorityClass: ['value', 'preemptionPolicy'],
  ReplicaSet: ['spec.selector'],
  ResourceQuota: ['spec.scopes'],
  Role: [],
  RoleBinding: ['roleRef'],
  RuntimeClass: ['handler'],
  Secret: ['type', 'data', 'stringData', 'immutable'],
  Service: ['spec.clusterIP', 'spec.type'],
  ServiceAccount: [],
  StatefulSet: [
    ...['spec.podManagementPolicy', 'spec.revisionHistoryLimit', 'spec.selector', 'spec.serviceName'],
    'spec.volumeClaimTemplates',
  ],
  StorageClass: ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'],
  ValidatingWebhookConfiguration: [],
};

/** By kind, as the last part of a type; undefined for kinds of which nobody knows. */
export const immutableFields = (kind: string): readonly string[] | undefined =>
  Object.hasOwn(IMMUTABLE, kind) ? IMMUTABLE[kind] : undefined;
