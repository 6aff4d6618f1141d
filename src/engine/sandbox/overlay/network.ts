import type { Wire } from '../../embedded/provider';
import {
  arn,
  type Facts,
  hex,
  identity,
  joined,
  type Overlay,
  type Overlays,
  text,
  token,
  uuid,
} from './overlay';

/** Zone ids of application load balancers, as AWS publishes them. */
const ELB_ZONES: Readonly<Record<string, string>> = {
  'us-east-1': 'Z35SXDOTRQ7X7K',
  'us-east-2': 'Z3AADJGX6KTTL2',
  'us-west-2': 'Z1H1FL5HABSF5',
  'eu-west-1': 'Z32O12XQLNTSW2',
  'eu-central-1': 'Z215JYRZR1TBD5',
  'ap-southeast-1': 'Z1LMS91P8CMLE5',
  'ap-northeast-1': 'Z14GRHDCWA56QT',
};

const NLB_ZONES: Readonly<Record<string, string>> = {
  'us-east-1': 'Z26RNL4JYFTOTI',
  'us-east-2': 'ZLMOA37VPKANP',
  'us-west-2': 'Z18D5FSROUN65G',
  'eu-west-1': 'Z2IFOLAFXWLO4F',
  'eu-central-1': 'Z3F0SRJ5LGBH90',
  'ap-southeast-1': 'ZKVM4W9LS7TM',
  'ap-northeast-1': 'Z31USIVHYNEOWT',
};

/** By region, of load balancers of a type. */
export const zonesOf = (type: string | undefined): Readonly<Record<string, string>> =>
  type === 'network' ? NLB_ZONES : ELB_ZONES;

function lowered(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase().replace(/\.$/, '') : '';
}

function dnsName(facts: Facts): string {
  const internal = facts.inputs['internal'] === true ? 'internal-' : '';
  const serial = Number.parseInt(hex(facts, 8, 'dns'), 16);
  return facts.inputs['loadBalancerType'] === 'network'
    ? `${text(facts, 'name')}-${hex(facts, 16, 'dns')}.elb.${facts.region}.amazonaws.com`
    : `${internal}${text(facts, 'name')}-${serial}.${facts.region}.elb.amazonaws.com`;
}

function balancerKind(facts: Facts): string {
  return facts.inputs['loadBalancerType'] === 'network' ? 'net' : 'app';
}

function zone(facts: Facts): string {
  return `Z0${token(facts, 18, 'zone').toUpperCase()}`;
}

function nameServers(facts: Facts): string[] {
  const tops = ['com', 'net', 'org', 'co.uk'];
  return tops.map((top, index) => {
    const number = Number.parseInt(hex(facts, 4, `ns${index}`), 16) % 512;
    return `ns-${number + index * 512}.awsdns-${String(number % 64).padStart(2, '0')}.${top}`;
  });
}

/** A record's name may be written with or without its zone's. */
function fqdn(facts: Facts): string {
  const name = lowered(text(facts, 'name'));
  const domain = lowered(facts.lookup('aws:route53/zone:Zone', text(facts, 'zoneId'))?.['name']);
  if (domain === '' || name === domain || name.endsWith(`.${domain}`)) return name;
  return name === '' ? domain : `${name}.${domain}`;
}

function domains(facts: Facts): string[] {
  const others = facts.inputs['subjectAlternativeNames'];
  return [...new Set([text(facts, 'domainName'), ...(Array.isArray(others) ? others.map(String) : [])])];
}

function validation(facts: Facts, domainName: string): Wire {
  const bare = domainName.replace(/^\*\./, '');
  return {
    domainName,
    resourceRecordName: `_${hex(facts, 32, `name ${bare}`)}.${bare}.`,
    resourceRecordType: 'CNAME',
    resourceRecordValue: `_${hex(facts, 32, `value ${bare}`)}.acm-validations.aws.`,
  };
}

const loadBalancer: Overlay = {
  replace: ['name', 'namePrefix', 'internal', 'loadBalancerType'],
  autoname: { property: 'name', longest: 32 },
  defaults: { loadBalancerType: 'application', idleTimeout: 60, enableHttp2: true },
  stateful: false,
  id: arn(
    'elasticloadbalancing',
    (facts) => `loadbalancer/${balancerKind(facts)}/${text(facts, 'name')}/${hex(facts, 16)}`,
  ),
  computed: {
    arn: identity,
    arnSuffix: (facts) => facts.id.replace(/^.*:loadbalancer\//, ''),
    dnsName,
    zoneId: (facts) => zonesOf(text(facts, 'loadBalancerType'))[facts.region] ?? 'Z32O12XQLNTSW2',
    vpcId: (facts) => `vpc-0${hex(facts, 16, 'vpc')}`,
    ipAddressType: () => 'ipv4',
  },
  hosts: (outputs) => [lowered(outputs['dnsName'])],
};

const targetGroup: Overlay = {
  replace: [
    ...['ipAddressType', 'name', 'namePrefix', 'port', 'protocol', 'protocolVersion', 'targetType', 'vpcId'],
  ],
  autoname: { property: 'name', longest: 32 },
  defaults: { deregistrationDelay: 300, targetType: 'instance' },
  stateful: false,
  id: arn('elasticloadbalancing', (facts) => `targetgroup/${text(facts, 'name')}/${hex(facts, 16)}`),
  computed: { arn: identity, arnSuffix: (facts) => facts.id.replace(/^.*:(?=targetgroup\/)/, '') },
};

const listener: Overlay = {
  replace: ['loadBalancerArn'],
  stateful: false,
  id: (facts) =>
    `${text(facts, 'loadBalancerArn').replace(':loadbalancer/', ':listener/')}/${hex(facts, 16)}`,
  computed: { arn: identity, protocol: () => 'HTTP' },
};

export const NETWORK: Overlays = {
  'aws:lb/loadBalancer:LoadBalancer': loadBalancer,
  'aws:alb/loadBalancer:LoadBalancer': loadBalancer,
  'aws:lb/targetGroup:TargetGroup': targetGroup,
  'aws:alb/targetGroup:TargetGroup': targetGroup,
  'aws:lb/listener:Listener': listener,
  'aws:alb/listener:Listener': listener,
  'aws:route53/zone:Zone': {
    replace: ['name', 'delegationSetId'],
    defaults: { comment: 'Managed by Pulumi', forceDestroy: false },
    // A new zone has new name servers, which the registrar does not know.
    stateful: true,
    id: zone,
    computed: {
      arn: (facts) => `arn:aws:route53:::hostedzone/${facts.id}`,
      zoneId: identity,
      nameServers,
      primaryNameServer: (facts) => nameServers(facts)[0] ?? '',
    },
  },
  'aws:route53/record:Record': {
    replace: ['zoneId', 'name'],
    stateful: false,
    id: joined('_', 'zoneId', 'name', 'type', 'setIdentifier'),
    computed: { fqdn },
    hosts: (outputs) => [lowered(outputs['fqdn'])],
  },
  'aws:acm/certificate:Certificate': {
    replace: [
      ...['certificateAuthorityArn', 'domainName', 'keyAlgorithm', 'subjectAlternativeNames'],
      ...['validationMethod', 'validationOptions'],
    ],
    stateful: false,
    id: arn('acm', (facts) => `certificate/${uuid(facts)}`),
    computed: {
      arn: identity,
      status: () => 'ISSUED',
      type: () => 'AMAZON_ISSUED',
      // Whatever was to be proven has been: nobody waits for it here.
      domainValidationOptions: (facts) => domains(facts).map((domain) => validation(facts, domain)),
    },
  },
  'aws:acm/certificateValidation:CertificateValidation': {
    replace: ['certificateArn', 'validationRecordFqdns'],
    stateful: false,
    id: (facts) => `0001-01-01 00:00:00 +0000 UTC ${hex(facts, 8)}`,
  },
};
