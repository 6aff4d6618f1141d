import {
  arn,
  created,
  type Facts,
  given,
  hex,
  identity,
  joined,
  type Overlays,
  part,
  prefixed,
  text,
  token,
  uuid,
} from './overlay';

const owned = (kind: string) => arn('ec2', (facts) => `${kind}/${facts.id}`);

/** As the bridge numbers what has no name of its own. */
const numbered = (facts: Facts): string => String(Number.parseInt(hex(facts, 8), 16));

const DHCP = ['domainName', 'domainNameServers', 'netbiosNameServers', 'netbiosNodeType', 'ntpServers'];

/** Resources that are parts of others: rules, attachments, policies. Nothing is lost with them. */
export const PARTS: Overlays = {
  'aws:lb/listenerRule:ListenerRule': part(
    ['listenerArn'],
    (facts) => `${text(facts, 'listenerArn').replace(':listener/', ':listener-rule/')}/${hex(facts, 16)}`,
    { arn: identity },
  ),
  'aws:lb/listenerCertificate:ListenerCertificate': part(
    ['listenerArn', 'certificateArn'],
    joined('_', 'listenerArn', 'certificateArn'),
  ),
  'aws:lb/targetGroupAttachment:TargetGroupAttachment': part(
    ['targetGroupArn', 'targetId', 'port', 'availabilityZone'],
    joined('-', 'targetGroupArn', 'targetId', 'port'),
  ),
  'aws:iam/group:Group': {
    ...part([], given('name'), {
      arn: (facts) => `arn:aws:iam::${facts.account}:group${text(facts, 'path', '/')}${facts.id}`,
      uniqueId: (facts) => `AGPA${hex(facts, 17, 'unique').toUpperCase()}`,
    }),
    autoname: { property: 'name', longest: 128 },
    defaults: { path: '/' },
  },
  'aws:iam/userPolicyAttachment:UserPolicyAttachment': part(
    ['user', 'policyArn'],
    joined('/', 'user', 'policyArn'),
  ),
  'aws:iam/groupPolicyAttachment:GroupPolicyAttachment': part(
    ['group', 'policyArn'],
    joined('/', 'group', 'policyArn'),
  ),
  'aws:iam/userPolicy:UserPolicy': {
    ...part(['name', 'namePrefix', 'user'], joined(':', 'user', 'name')),
    autoname: { property: 'name', longest: 128 },
  },
  'aws:iam/userGroupMembership:UserGroupMembership': part(['user'], joined('-', 'user')),
  'aws:iam/serviceLinkedRole:ServiceLinkedRole': part(
    ['awsServiceName', 'customSuffix'],
    (facts) =>
      `arn:aws:iam::${facts.account}:role/aws-service-role/${text(facts, 'awsServiceName')}/AWSServiceRole-${hex(facts, 8)}`,
    {
      arn: identity,
      path: (facts) => `/aws-service-role/${text(facts, 'awsServiceName')}/`,
      createDate: created,
    },
  ),
  'aws:ec2/keyPair:KeyPair': {
    ...part(['keyName', 'keyNamePrefix', 'publicKey'], given('keyName'), {
      arn: owned('key-pair'),
      fingerprint: (facts) => hex(facts, 32, 'fingerprint').replace(/..(?=.)/g, '$&:'),
      keyPairId: (facts) => `key-0${hex(facts, 16)}`,
      keyType: () => 'rsa',
    }),
    autoname: { property: 'keyName', longest: 255 },
  },
  'aws:ec2/networkAcl:NetworkAcl': part(['vpcId'], prefixed('acl'), { arn: owned('network-acl') }),
  'aws:ec2/networkAclRule:NetworkAclRule': part(
    [
      ...['cidrBlock', 'egress', 'fromPort', 'icmpCode', 'icmpType', 'ipv6CidrBlock', 'networkAclId'],
      ...['protocol', 'ruleAction', 'ruleNumber', 'toPort'],
    ],
    (facts) => `nacl-${numbered(facts)}`,
  ),
  'aws:ec2/vpcPeeringConnection:VpcPeeringConnection': part(
    ['peerOwnerId', 'peerRegion', 'peerVpcId', 'vpcId'],
    prefixed('pcx'),
    { acceptStatus: () => 'active' },
  ),
  'aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter': part(
    ['vpcPeeringConnectionId'],
    given('vpcPeeringConnectionId'),
    { acceptStatus: () => 'active' },
  ),
  'aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway': part(['vpcId'], prefixed('eigw')),
  'aws:ec2/flowLog:FlowLog': part(
    [
      ...['deliverCrossAccountRole', 'destinationOptions', 'eniId', 'iamRoleArn', 'logDestination'],
      ...['logDestinationType', 'logFormat', 'maxAggregationInterval', 'subnetId', 'trafficType'],
      ...['transitGatewayAttachmentId', 'transitGatewayId', 'vpcId'],
    ],
    prefixed('fl'),
    { arn: owned('vpc-flow-log') },
  ),
  'aws:ec2/networkInterface:NetworkInterface': part(['interfaceType', 'subnetId'], prefixed('eni'), {
    arn: owned('network-interface'),
    macAddress: (facts) => `02:${hex(facts, 10, 'mac').replace(/..(?=.)/g, '$&:')}`,
    ownerId: (facts) => facts.account,
    privateIp: () => '10.0.0.9',
  }),
  'aws:ec2/volumeAttachment:VolumeAttachment': part(
    ['deviceName', 'instanceId', 'volumeId'],
    (facts) => `vai-${numbered(facts)}`,
  ),
  'aws:ec2/eipAssociation:EipAssociation': part(
    [
      ...['allocationId', 'allowReassociation', 'instanceId', 'networkInterfaceId', 'privateIpAddress'],
      'publicIp',
    ],
    prefixed('eipassoc'),
  ),
  'aws:ec2/vpcDhcpOptions:VpcDhcpOptions': part(DHCP, prefixed('dopt'), { arn: owned('dhcp-options') }),
  'aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation': part(
    ['vpcId'],
    joined('-', 'dhcpOptionsId', 'vpcId'),
  ),
  'aws:cloudwatch/eventTarget:EventTarget': {
    ...part(['eventBusName', 'rule', 'targetId'], joined('-', 'eventBusName', 'rule', 'targetId')),
    autoname: { property: 'targetId', longest: 64 },
  },
  'aws:cloudwatch/logStream:LogStream': {
    ...part(['logGroupName', 'name'], given('name'), {
      arn: arn('logs', (facts) => `log-group:${text(facts, 'logGroupName')}:log-stream:${facts.id}`),
    }),
    autoname: { property: 'name', longest: 512 },
    stateful: true,
  },
  'aws:cloudwatch/logMetricFilter:LogMetricFilter': {
    ...part(['logGroupName', 'name'], given('name')),
    autoname: { property: 'name', longest: 512 },
  },
  'aws:sqs/queuePolicy:QueuePolicy': { ...part(['queueUrl'], given('queueUrl')), isSingle: true },
  'aws:sns/topicPolicy:TopicPolicy': {
    ...part(['arn'], given('arn'), { owner: (facts) => facts.account }),
    isSingle: true,
  },
  'aws:s3/bucketNotification:BucketNotification': { ...part(['bucket'], given('bucket')), isSingle: true },
  'aws:lambda/alias:Alias': {
    ...part(['functionName', 'name'], (facts) => aliasArn(facts), {
      arn: identity,
      invokeArn: (facts) =>
        `arn:aws:apigateway:${facts.region}:lambda:path/2015-03-31/functions/${facts.id}/invocations`,
    }),
    autoname: { property: 'name', longest: 128 },
  },
  'aws:lambda/eventSourceMapping:EventSourceMapping': part(
    [
      ...['eventSourceArn', 'queues', 'selfManagedEventSource', 'startingPosition'],
      ...['startingPositionTimestamp', 'topics'],
    ],
    uuid,
    {
      arn: arn('lambda', (facts) => `event-source-mapping:${facts.id}`),
      functionArn: arn('lambda', (facts) => `function:${functionName(facts)}`),
      state: () => 'Enabled',
      uuid: identity,
    },
  ),
  'aws:lambda/functionUrl:FunctionUrl': part(
    ['functionName', 'qualifier'],
    joined('/', 'functionName', 'qualifier'),
    {
      functionArn: arn('lambda', (facts) => `function:${functionName(facts)}`),
      functionUrl: (facts) => `https://${token(facts, 32, 'url')}.lambda-url.${facts.region}.on.aws/`,
      urlId: (facts) => token(facts, 32, 'url'),
    },
  ),
  'aws:appautoscaling/target:Target': part(
    ['resourceId', 'scalableDimension', 'serviceNamespace'],
    given('resourceId'),
    { arn: arn('application-autoscaling', (facts) => `scalable-target/${hex(facts, 34)}`) },
  ),
  'aws:appautoscaling/policy:Policy': {
    ...part(['name', 'resourceId', 'scalableDimension', 'serviceNamespace'], given('name'), {
      arn: arn('autoscaling', (facts) => `scalingPolicy:${uuid(facts)}:policyName/${facts.id}`),
    }),
    autoname: { property: 'name', longest: 255 },
  },
  'aws:autoscaling/policy:Policy': {
    ...part(['autoscalingGroupName', 'name'], given('name'), {
      arn: arn('autoscaling', (facts) => `scalingPolicy:${uuid(facts)}:policyName/${facts.id}`),
    }),
    autoname: { property: 'name', longest: 255 },
  },
  'aws:eks/accessEntry:AccessEntry': part(
    ['clusterName', 'principalArn', 'type'],
    joined(':', 'clusterName', 'principalArn'),
    { createdAt: created, modifiedAt: created },
  ),
  'aws:eks/accessPolicyAssociation:AccessPolicyAssociation': part(
    ['accessScope', 'clusterName', 'policyArn', 'principalArn'],
    joined('#', 'clusterName', 'principalArn', 'policyArn'),
    { associatedAt: created, modifiedAt: created },
  ),
  'aws:eks/podIdentityAssociation:PodIdentityAssociation': part(
    ['clusterName', 'namespace', 'serviceAccount'],
    (facts) => `a-${token(facts, 17)}`,
    {
      associationArn: arn(
        'eks',
        (facts) => `podidentityassociation/${text(facts, 'clusterName')}/${facts.id}`,
      ),
      associationId: identity,
    },
  ),
  'aws:route53/zoneAssociation:ZoneAssociation': part(
    ['vpcId', 'vpcRegion', 'zoneId'],
    joined(':', 'zoneId', 'vpcId'),
    { owningAccount: (facts) => facts.account },
  ),
  'aws:wafv2/webAclAssociation:WebAclAssociation': part(
    ['resourceArn', 'webAclArn'],
    joined(',', 'webAclArn', 'resourceArn'),
  ),
};

/** Of a name or an ARN. */
function functionName(facts: Facts): string {
  return text(facts, 'functionName').replace(/^.*:function:/, '');
}

function aliasArn(facts: Facts): string {
  return `arn:aws:lambda:${facts.region}:${facts.account}:function:${functionName(facts)}:${text(facts, 'name')}`;
}
