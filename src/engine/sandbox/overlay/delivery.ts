import { secret } from '../../embedded/wire';
import {
  arn,
  created,
  type Facts,
  given,
  hex,
  identity,
  last,
  type Overlay,
  type Overlays,
  part,
  prefixed,
  text,
  token,
  uuid,
} from './overlay';

const upper = (facts: Facts, length: number, label = ''): string => token(facts, length, label).toUpperCase();

const named = (replace: readonly string[], longest: number, rest: Omit<Overlay, 'replace'>): Overlay => ({
  replace,
  autoname: { property: 'name', longest },
  ...rest,
});

/** What runs programs and brings what they make to people. */
export const DELIVERY: Overlays = {
  'aws:ecs/cluster:Cluster': named(['name'], 255, {
    stateful: false,
    id: arn('ecs', (facts) => `cluster/${text(facts, 'name')}`),
    computed: { arn: identity },
  }),
  'aws:ecs/clusterCapacityProviders:ClusterCapacityProviders': {
    ...part(['clusterName'], given('clusterName')),
    isSingle: true,
  },
  'aws:ecs/taskDefinition:TaskDefinition': {
    // A revision is never changed: the next one takes its place.
    replace: [
      ...['containerDefinitions', 'cpu', 'enableFaultInjection', 'ephemeralStorage', 'executionRoleArn'],
      ...['family', 'ipcMode', 'memory', 'networkMode', 'pidMode', 'placementConstraints'],
      ...['proxyConfiguration', 'requiresCompatibilities', 'runtimePlatform', 'taskRoleArn', 'volumes'],
    ],
    stateful: false,
    // AWS calls it by its family alone; here two revisions must be told apart while one takes the other's place.
    id: (facts) => `${text(facts, 'family')}:${facts.births + 1}`,
    computed: {
      arn: arn('ecs', (facts) => `task-definition/${facts.id}`),
      arnWithoutRevision: arn('ecs', (facts) => `task-definition/${text(facts, 'family')}`),
      revision: (facts) => facts.births + 1,
    },
  },
  'aws:ecs/service:Service': named(
    ['cluster', 'deploymentController.type', 'launchType', 'name', 'schedulingStrategy'],
    255,
    {
      stateful: false,
      id: arn('ecs', (facts) => `service/${last(text(facts, 'cluster', 'default'))}/${text(facts, 'name')}`),
      computed: { arn: identity, platformVersion: () => 'LATEST' },
    },
  ),
  'aws:cloudfront/distribution:Distribution': {
    replace: ['staging'],
    defaults: { retainOnDelete: false, waitForDeployment: true },
    // A new one has another domain name, which others point at.
    stateful: true,
    id: (facts) => `E${upper(facts, 13)}`,
    computed: {
      arn: (facts) => `arn:aws:cloudfront::${facts.account}:distribution/${facts.id}`,
      domainName: (facts) => `d${token(facts, 13, 'domain')}.cloudfront.net`,
      etag: (facts) => `E${upper(facts, 13, `etag ${facts.revision}`)}`,
      hostedZoneId: () => 'Z2FDTNDATAQYW2',
      status: () => 'Deployed',
    },
    hosts: (outputs) => [String(outputs['domainName'] ?? '')],
  },
  'aws:cloudfront/originAccessControl:OriginAccessControl': {
    ...part(['originAccessControlOriginType'], (facts) => `E${upper(facts, 13)}`, {
      arn: (facts) => `arn:aws:cloudfront::${facts.account}:origin-access-control/${facts.id}`,
      etag: (facts) => `E${upper(facts, 13, `etag ${facts.revision}`)}`,
    }),
    autoname: { property: 'name', longest: 64 },
  },
  'aws:cloudfront/originAccessIdentity:OriginAccessIdentity': part([], (facts) => `E${upper(facts, 13)}`, {
    cloudfrontAccessIdentityPath: (facts) => `origin-access-identity/cloudfront/${facts.id}`,
    iamArn: (facts) => `arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity ${facts.id}`,
    s3CanonicalUserId: (facts) => hex(facts, 48, 'canonical') + hex(facts, 48, 'more'),
  }),
  'aws:cloudfront/function:Function': named(['name'], 64, {
    stateful: false,
    id: given('name'),
    computed: { arn: (facts) => `arn:aws:cloudfront::${facts.account}:function/${facts.id}` },
  }),
  'aws:apigatewayv2/api:Api': named(['protocolType'], 128, {
    // A new one has another address.
    stateful: true,
    id: (facts) => token(facts, 10),
    computed: {
      apiEndpoint: (facts) => `https://${facts.id}.execute-api.${facts.region}.amazonaws.com`,
      arn: (facts) => `arn:aws:apigateway:${facts.region}::/apis/${facts.id}`,
      executionArn: arn('execute-api', identity),
    },
  }),
  'aws:apigatewayv2/stage:Stage': named(['apiId', 'name'], 128, {
    stateful: false,
    id: given('name'),
    computed: {
      arn: (facts) => `arn:aws:apigateway:${facts.region}::/apis/${text(facts, 'apiId')}/stages/${facts.id}`,
      executionArn: arn('execute-api', (facts) => `${text(facts, 'apiId')}/${facts.id}`),
      invokeUrl: (facts) =>
        `https://${text(facts, 'apiId')}.execute-api.${facts.region}.amazonaws.com/${facts.id === '$default' ? '' : facts.id}`,
    },
  }),
  'aws:apigatewayv2/integration:Integration': part(['apiId', 'integrationType'], (facts) => token(facts, 7)),
  'aws:apigatewayv2/route:Route': part(['apiId'], (facts) => token(facts, 7)),
  'aws:cloudwatch/eventRule:EventRule': named(['eventBusName', 'name', 'namePrefix'], 64, {
    stateful: false,
    id: given('name'),
    computed: { arn: arn('events', (facts) => `rule/${facts.id}`) },
  }),
  'aws:cloudwatch/eventBus:EventBus': named(['eventSourceName', 'name'], 256, {
    stateful: true,
    id: given('name'),
    computed: { arn: arn('events', (facts) => `event-bus/${facts.id}`) },
  }),
  'aws:wafv2/webAcl:WebAcl': named(['name', 'namePrefix', 'scope'], 128, {
    stateful: false,
    id: uuid,
    computed: {
      arn: arn(
        'wafv2',
        (facts) =>
          `${text(facts, 'scope') === 'CLOUDFRONT' ? 'global' : 'regional'}/webacl/${text(facts, 'name')}/${facts.id}`,
      ),
      capacity: () => 1,
      lockToken: (facts) => uuid(facts, `lock ${facts.revision}`),
    },
  }),
  'aws:cognito/userPool:UserPool': named(
    ['aliasAttributes', 'usernameAttributes', 'usernameConfiguration'],
    128,
    {
      stateful: true,
      id: (facts) => `${facts.region}_${token(facts, 9)}`,
      computed: {
        arn: arn('cognito-idp', (facts) => `userpool/${facts.id}`),
        endpoint: (facts) => `cognito-idp.${facts.region}.amazonaws.com/${facts.id}`,
        creationDate: created,
      },
    },
  ),
  'aws:cognito/userPoolClient:UserPoolClient': named(['generateSecret', 'userPoolId'], 128, {
    stateful: true,
    id: (facts) => token(facts, 26),
    computed: {
      clientSecret: (facts) =>
        facts.inputs['generateSecret'] === true ? secret(token(facts, 40, 'secret')) : '',
    },
  }),
  'aws:sfn/stateMachine:StateMachine': named(['name', 'namePrefix', 'type'], 80, {
    stateful: true,
    id: arn('states', (facts) => `stateMachine:${text(facts, 'name')}`),
    computed: { arn: identity, creationDate: created, status: () => 'ACTIVE' },
  }),
  'aws:kinesis/stream:Stream': named(['name'], 128, {
    stateful: true,
    id: arn('kinesis', (facts) => `stream/${text(facts, 'name')}`),
    computed: { arn: identity },
  }),
  'aws:lambda/layerVersion:LayerVersion': {
    replace: [
      ...['code', 'compatibleArchitectures', 'compatibleRuntimes', 'description', 'layerName', 'licenseInfo'],
      ...['s3Bucket', 's3Key', 's3ObjectVersion', 'sourceCodeHash'],
    ],
    stateful: false,
    id: arn('lambda', (facts) => `layer:${text(facts, 'layerName')}:${facts.births + 1}`),
    computed: {
      arn: identity,
      createdDate: created,
      layerArn: arn('lambda', (facts) => `layer:${text(facts, 'layerName')}`),
      version: (facts) => String(facts.births + 1),
    },
  },
  'aws:iam/accessKey:AccessKey': {
    replace: ['pgpKey', 'user'],
    // Somebody holds it.
    stateful: true,
    id: (facts) => `AKIA${hex(facts, 16).toUpperCase()}`,
    computed: { createDate: created, secret: (facts) => secret(hex(facts, 40, 'secret')) },
  },
  'aws:route53/healthCheck:HealthCheck': {
    replace: ['measureLatency', 'referenceName', 'requestInterval', 'type'],
    stateful: false,
    id: uuid,
    computed: { arn: (facts) => `arn:aws:route53:::healthcheck/${facts.id}` },
  },
  'aws:ebs/volume:Volume': {
    replace: ['availabilityZone', 'encrypted', 'kmsKeyId', 'multiAttachEnabled', 'outpostArn', 'snapshotId'],
    stateful: true,
    id: prefixed('vol'),
    computed: { arn: arn('ec2', (facts) => `volume/${facts.id}`), type: () => 'gp2', size: () => 8 },
  },
};
