import { zoneOf } from '../zones';
import {
  account,
  arn,
  type Facts,
  given,
  hex,
  identity,
  type Overlays,
  prefixed,
  text,
  uuid,
} from './overlay';

const owned = (kind: string) => arn('ec2', (facts) => `${kind}/${facts.id}`);

/** An address that only this resource has, within a documentation-like public range. */
function publicIp(facts: Facts): string {
  const bytes = [0, 2, 4].map((from) => Number.parseInt(hex(facts, 6, 'ip').slice(from, from + 2), 16));
  return `3.${bytes.map((byte) => 1 + (byte % 250)).join('.')}`;
}

const zoneId = (facts: Facts): string => zoneOf(text(facts, 'availabilityZone', `${facts.region}a`)).id;

const groupRule = {
  replace: ['securityGroupId'],
  stateful: false,
  id: prefixed('sgr'),
  computed: { arn: owned('security-group-rule'), securityGroupRuleId: identity },
};

export const EC2: Overlays = {
  'aws:ec2/vpc:Vpc': {
    replace: ['cidrBlock', 'ipv4IpamPoolId', 'ipv4NetmaskLength'],
    // Back to the default it goes in place.
    replaceWith: ({ instanceTenancy }) => (instanceTenancy === 'dedicated' ? ['instanceTenancy'] : []),
    defaults: { instanceTenancy: 'default', enableDnsSupport: true },
    stateful: false,
    id: prefixed('vpc'),
    computed: {
      arn: owned('vpc'),
      ownerId: account,
      mainRouteTableId: (facts) => `rtb-0${hex(facts, 16, 'main')}`,
      defaultRouteTableId: (facts) => `rtb-0${hex(facts, 16, 'main')}`,
      defaultNetworkAclId: (facts) => `acl-0${hex(facts, 16, 'acl')}`,
      defaultSecurityGroupId: (facts) => `sg-0${hex(facts, 16, 'group')}`,
      dhcpOptionsId: (facts) => `dopt-0${hex(facts, 16, 'dhcp')}`,
    },
  },
  'aws:ec2/subnet:Subnet': {
    replace: ['vpcId', 'cidrBlock', 'availabilityZone', 'availabilityZoneId', 'outpostArn', 'ipv6Native'],
    defaults: { mapPublicIpOnLaunch: false, assignIpv6AddressOnCreation: false },
    stateful: false,
    id: prefixed('subnet'),
    computed: {
      arn: owned('subnet'),
      ownerId: account,
      availabilityZone: (facts) => `${facts.region}a`,
      availabilityZoneId: zoneId,
      privateDnsHostnameTypeOnLaunch: () => 'ip-name',
    },
  },
  'aws:ec2/internetGateway:InternetGateway': {
    stateful: false,
    id: prefixed('igw'),
    computed: { arn: owned('internet-gateway'), ownerId: account },
  },
  'aws:ec2/natGateway:NatGateway': {
    replace: ['subnetId', 'allocationId', 'connectivityType', 'privateIp'],
    defaults: { connectivityType: 'public' },
    stateful: false,
    id: prefixed('nat'),
    computed: {
      publicIp,
      privateIp: () => '10.0.0.7',
      networkInterfaceId: (facts) => `eni-0${hex(facts, 16, 'interface')}`,
      associationId: (facts) => `eipassoc-0${hex(facts, 16, 'association')}`,
    },
  },
  'aws:ec2/eip:Eip': {
    replace: ['address', 'customerOwnedIpv4Pool', 'domain', 'networkBorderGroup', 'publicIpv4Pool'],
    // What points at the address must be changed when it is gone.
    stateful: true,
    id: prefixed('eipalloc'),
    computed: {
      arn: owned('elastic-ip'),
      allocationId: identity,
      publicIp,
      publicDns: (facts) =>
        `ec2-${publicIp(facts).replaceAll('.', '-')}.${facts.region}.compute.amazonaws.com`,
      domain: () => 'vpc',
    },
  },
  'aws:ec2/routeTable:RouteTable': {
    replace: ['vpcId'],
    stateful: false,
    id: prefixed('rtb'),
    computed: { arn: owned('route-table'), ownerId: account },
  },
  'aws:ec2/route:Route': {
    replace: ['routeTableId', 'destinationCidrBlock', 'destinationIpv6CidrBlock', 'destinationPrefixListId'],
    stateful: false,
    id: (facts) => `r-${text(facts, 'routeTableId')}${hex(facts, 10)}`,
    computed: { origin: () => 'CreateRoute', state: () => 'active' },
  },
  'aws:ec2/routeTableAssociation:RouteTableAssociation': {
    replace: ['subnetId', 'gatewayId'],
    stateful: false,
    id: prefixed('rtbassoc'),
  },
  'aws:ec2/securityGroup:SecurityGroup': {
    replace: ['name', 'namePrefix', 'description', 'vpcId'],
    autoname: { property: 'name', longest: 255 },
    defaults: { description: 'Managed by Pulumi', revokeRulesOnDelete: false },
    stateful: false,
    id: prefixed('sg'),
    computed: {
      arn: owned('security-group'),
      ownerId: account,
      vpcId: (facts) => `vpc-0${hex(facts, 16, 'default vpc')}`,
    },
  },
  'aws:ec2/securityGroupRule:SecurityGroupRule': {
    replace: [
      ...['securityGroupId', 'type', 'protocol', 'fromPort', 'toPort', 'cidrBlocks', 'ipv6CidrBlocks'],
      ...['prefixListIds', 'self', 'sourceSecurityGroupId'],
    ],
    stateful: false,
    id: (facts) => `sgrule-${Number.parseInt(hex(facts, 8), 16)}`,
    computed: { securityGroupRuleId: (facts) => `sgr-0${hex(facts, 16)}` },
  },
  'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule': groupRule,
  'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule': groupRule,
  'aws:ec2/vpcEndpoint:VpcEndpoint': {
    replace: ['vpcId', 'serviceName', 'serviceRegion', 'vpcEndpointType'],
    stateful: false,
    id: prefixed('vpce'),
    computed: {
      arn: owned('vpc-endpoint'),
      ownerId: account,
      state: () => 'available',
      prefixListId: (facts) => `pl-${hex(facts, 8, 'prefixes')}`,
    },
  },
  'aws:ec2/launchTemplate:LaunchTemplate': {
    replace: ['name', 'namePrefix'],
    autoname: { property: 'name', longest: 125 },
    stateful: false,
    id: prefixed('lt'),
    computed: {
      arn: owned('launch-template'),
      defaultVersion: () => 1,
      latestVersion: (facts) => facts.revision,
    },
  },
  'aws:ec2/instance:Instance': {
    replace: [
      ...['ami', 'associatePublicIpAddress', 'availabilityZone', 'ebsBlockDevices', 'ephemeralBlockDevices'],
      ...['hibernation', 'keyName', 'placementGroup', 'privateIp', 'securityGroups', 'subnetId', 'tenancy'],
      ...['rootBlockDevice.encrypted', 'rootBlockDevice.kmsKeyId'],
    ],
    // Otherwise the instance is stopped, changed and started.
    replaceWith: ({ userDataReplaceOnChange }) =>
      userDataReplaceOnChange === true ? ['userData', 'userDataBase64'] : [],
    stateful: true,
    id: prefixed('i'),
    computed: {
      arn: owned('instance'),
      instanceState: () => 'running',
      availabilityZone: (facts) => `${facts.region}a`,
      publicIp,
      publicDns: (facts) =>
        `ec2-${publicIp(facts).replaceAll('.', '-')}.${facts.region}.compute.amazonaws.com`,
      privateIp: () => '10.0.0.12',
      privateDns: (facts) => `ip-10-0-0-12.${facts.region}.compute.internal`,
      primaryNetworkInterfaceId: (facts) => `eni-0${hex(facts, 16, 'interface')}`,
    },
  },
  'aws:autoscaling/group:Group': {
    replace: ['name', 'namePrefix'],
    autoname: { property: 'name', longest: 255 },
    defaults: { healthCheckGracePeriod: 300, waitForCapacityTimeout: '10m' },
    stateful: false,
    id: given('name'),
    computed: {
      arn: arn('autoscaling', (facts) => `autoScalingGroup:${uuid(facts)}:autoScalingGroupName/${facts.id}`),
      desiredCapacity: (facts) => facts.inputs['minSize'] ?? 0,
      healthCheckType: () => 'EC2',
      defaultCooldown: () => 300,
    },
  },
};
