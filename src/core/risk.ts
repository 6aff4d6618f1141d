import type { Change, ChangeKind } from './change';
import type { Irreversible } from './event';

/**
 * Types whose loss loses nothing: they hold no data, and a new one from the same inputs is as good. Everything else counts
 * as stateful, unknown types too: it is the safe mistake.
 */
const stateless: readonly RegExp[] = [
  // A provider is a name in the state, too; what it manages is told of by itself.
  /^pulumi:(providers:|pulumi:Stack$)/,
  /^kubernetes:(apps\/v1:(Deployment|ReplicaSet|DaemonSet)|core\/v1:(ConfigMap|Service|ServiceAccount))$/,
  /^kubernetes:(autoscaling\/|policy\/|networking\.k8s\.io\/|rbac\.authorization\.k8s\.io\/)/,
  /^kubernetes:batch\/v1:(Job|CronJob)$/,
  /^aws:ec2\/(routeTable|route|routeTableAssociation|securityGroup|securityGroupRule|launchTemplate):/,
  /^aws:ec2\/(internetGateway|natGateway|vpcEndpoint|networkAcl|flowLog):/,
  /^aws:vpc\/securityGroup(Ingress|Egress)Rule:/,
  /^aws:s3\/bucket(Policy|Versioning|VersioningV2|PublicAccessBlock|OwnershipControls|Notification):/,
  /^aws:s3\/bucket(ServerSideEncryptionConfiguration|ServerSideEncryptionConfigurationV2|LifecycleConfiguration|LifecycleConfigurationV2):/,
  /^aws:s3\/bucket(CorsConfiguration|CorsConfigurationV2|Logging|LoggingV2|Metric):/,
  /^aws:rds\/(subnetGroup|parameterGroup|optionGroup):/,
  /^aws:iam\/(role|policy|rolePolicy|rolePolicyAttachment|policyAttachment|instanceProfile):/,
  /^aws:lb\/(targetGroup|listener|listenerRule|targetGroupAttachment):/,
  /^aws:cloudwatch\/(metricAlarm|dashboard|eventRule|eventTarget):/,
  /^aws:(autoscaling|appautoscaling)\//,
  /^aws:route53\/(record|healthCheck):/,
  /^aws:lambda\/(permission|alias|eventSourceMapping):/,
  /^aws:kms\/alias:/,
  // A task definition is replaced by every release; its older revisions stay as good as they were.
  /^aws:ecs\/(taskDefinition|service|clusterCapacityProviders):/,
  /^aws:apigatewayv2\/(integration|route|stage):/,
  /^aws:(sqs\/queuePolicy|sns\/topicPolicy|wafv2\/webAclAssociation|lb\/listenerCertificate):/,
  /^aws:(elasticache\/(subnetGroup|parameterGroup)|rds\/clusterParameterGroup|efs\/mountTarget):/,
  /^aws:eks\/(accessEntry|accessPolicyAssociation|podIdentityAssociation):/,
  /^aws:iam\/(user|group)PolicyAttachment:/,
];

export const isStateless = (type: string): boolean => stateless.some((known) => known.test(type));

/** What taking these forward changes back would destroy, or could not bring back. */
export const irreversibleOnTheWayBack = (forward: readonly Change[]): Irreversible[] =>
  lost(forward, {
    create: 'would be deleted',
    replace: 'was replaced, cannot be restored',
    delete: 'was deleted, cannot be restored',
  });

/** What these changes themselves destroy, for the real preview of a way back. */
export const destroyedBy = (changes: readonly Change[]): Irreversible[] =>
  lost(changes, { replace: 'would be replaced', delete: 'would be deleted' });

function lost(
  changes: readonly Change[],
  why: Partial<Record<ChangeKind, Irreversible['why']>>,
): Irreversible[] {
  return changes.flatMap(({ kind, urn, type, name, retainOnDelete, isComponent }) => {
    const loss = why[kind];
    const isKept = isComponent || isStateless(type) || (retainOnDelete && loss === 'would be deleted');
    return loss && !isKept ? [{ urn, type, name, why: loss }] : [];
  });
}
