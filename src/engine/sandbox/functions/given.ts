import type { WireObject } from '../../embedded/provider';
import type { Cloud } from '../cloud';
import { digest, type Site } from '../overlay/overlay';
import type { Resource } from '../resource';
import { schemaOf } from '../schema';
import { unseal } from '../secrecy';
import { zonesOf } from '../zones';

/** Something that exists in the cloud, as a reader sees it. */
export interface Seen {
  readonly id: string;
  readonly outputs: WireObject;
}

/** Without its secrets: the sandbox does not keep them. */
export const seenOf = ({ id, outputs }: Resource): Seen => ({ id, outputs: unseal(outputs, {}) });

/** What a stack did not make but may read: what everybody has, and what other stacks made, the newest first. */
export function foreign(
  cloud: Cloud,
  site: Site,
  type: string,
  id: string,
): { id: string; inputs: WireObject; properties: WireObject } {
  const isIt = (seen: Seen): boolean => seen.id === id;
  const seen = givenResources(site, type).find(isIt) ?? cloud.ofType(type).map(seenOf).findLast(isIt);
  if (!seen) return { id: '', inputs: {}, properties: {} };
  const schema = schemaOf(type);
  const inputs = Object.entries(seen.outputs).filter(([name]) => schema?.get(name)?.isInput);
  return { id, inputs: Object.fromEntries(inputs), properties: seen.outputs };
}

const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** What every account and every cluster has without anybody having made it: the default network, the first namespaces. */
export function givenResources(site: Site, type: string): Seen[] {
  const { account, region } = site;
  const own = (prefix: string, label: string): string =>
    `${prefix}-0${digest(16, site.seed, account, region, 'default', label)}`;
  const vpcId = own('vpc', 'vpc');
  const common = (kind: string, id: string): WireObject => ({
    arn: `arn:aws:ec2:${region}:${account}:${kind}/${id}`,
    ownerId: account,
    region,
    tags: {},
    tagsAll: {},
  });
  switch (type) {
    case 'aws:ec2/vpc:Vpc':
      return [
        {
          id: vpcId,
          outputs: {
            ...common('vpc', vpcId),
            ...{ cidrBlock: '172.31.0.0/16', default: true, instanceTenancy: 'default' },
            ...{ enableDnsSupport: true, enableDnsHostnames: true, mainRouteTableId: own('rtb', 'routes') },
            ...{ defaultSecurityGroupId: own('sg', 'group'), dhcpOptionsId: own('dopt', 'dhcp') },
          },
        },
      ];
    case 'aws:ec2/subnet:Subnet':
      return zonesOf(region).map(({ name, id: zoneId }, index) => {
        const id = own('subnet', name);
        const where = { vpcId, availabilityZone: name, availabilityZoneId: zoneId };
        const cidrBlock = `172.31.${index * 16}.0/20`;
        return {
          id,
          outputs: {
            ...common('subnet', id),
            ...{ ...where, cidrBlock, mapPublicIpOnLaunch: true, defaultForAz: true },
          },
        };
      });
    case 'aws:ec2/securityGroup:SecurityGroup': {
      const id = own('sg', 'group');
      const said = { name: 'default', description: 'default VPC security group', vpcId };
      return [{ id, outputs: { ...common('security-group', id), ...said } }];
    }
    case 'kubernetes:core/v1:Namespace':
      return NAMESPACES.map((name) => ({
        id: name,
        outputs: {
          ...{ apiVersion: 'v1', kind: 'Namespace', status: { phase: 'Active' } },
          metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
        },
      }));
    default:
      return [];
  }
}
