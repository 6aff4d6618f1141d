/** The files of the small estate: two components, three tracks, three channels, six stacks. */

const SALT = 'encryptionsalt: v1:YMTw0OOoSnA=:v1:boz0Udkd0Tbfxj5r:r/v7dcR0dy3eEBXpIl0/u/54d+cdxg==\n';

/** The engine line of signalbox.yaml: the tests in test/real run the same tests on the real CLI. */
const ENGINE = process.env['SIGNALBOX_TEST_ENGINE'] ?? 'embedded';

const signalbox = `project: shop
engine: ${ENGINE}
sandbox: { timeScale: 36000, seed: e2e, faults: [] }
channels:
  - { name: test, waves: [100%], soak: 30m }
  - { name: staging, waves: [1, 100%], soak: 30m }
  - { name: production, waves: [1, 100%], soak: 30m }
`;

const base = `components:
  assets: {}
  web:
    inputs: { replicas: 2, bucket: { from: assets.bucket } }
outputs:
  url: { from: web.url }
checks:
  - { name: shop answers, http: { url: { output: url }, path: /healthz, status: 200, within: 5s }, every: 5m, pass: 2 of 3 }
  - { name: pods are ready, output: web.readyReplicas, atLeast: 1, every: 5m, pass: 2 of 3 }
`;

const stack = (channel: string, track: string, more = ''): string =>
  `import: [../_shared/base.yaml]\nchannel: ${channel}\ntrack: ${track}\n${more}`;

const assets = `import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';

export const inputs = z.strictObject({});
export const outputs = z.object({ bucket: z.string() });

export default class Assets extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;
  constructor(name: string, args: z.input<typeof inputs>, opts?: pulumi.ComponentResourceOptions) {
    super('shop:assets:Assets', name, {}, opts);
    this.bucket = new aws.s3.Bucket(name, {}, { parent: this }).bucket;
    this.registerOutputs({ bucket: this.bucket });
  }
}
`;

/** From 2.0.0 on it brings a disruption budget, takes a colour, and an archive where a stack asks for one. */
export const web = (version: string): string => `import * as aws from '@pulumi/aws';
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';

export const inputs = z.strictObject({
  replicas: z.number().int().min(1).default(2),
  bucket: z.string(),
  archive: z.boolean().default(false),${version === '1.0.0' ? '' : '\n  colour: z.string().optional(),'}
});
export const outputs = z.object({ url: z.string(), readyReplicas: z.number().int(), image: z.string() });

interface WebArgs {
  readonly replicas?: number;
  readonly archive?: boolean;
  readonly bucket: pulumi.Input<string>;
}

const VERSION = '${version}';

export default class Web extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;
  readonly readyReplicas: pulumi.Output<number>;
  readonly image: pulumi.Output<string>;
  constructor(name: string, args: WebArgs, opts?: pulumi.ComponentResourceOptions) {
    super('shop:web:Web', name, {}, opts);
    const parent = { parent: this };
    const labels = { app: name };
    const metadata = { labels };
    const image = \`shop:\${VERSION}\`;
    const deployment = new k8s.apps.v1.Deployment(
      name,
      {
        metadata,
        spec: {
          replicas: args.replicas ?? 2,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: 'shop', image, env: [{ name: 'BUCKET', value: args.bucket }] }] },
          },
        },
      },
      parent,
    );
    const service = new k8s.core.v1.Service(
      name,
      { metadata, spec: { type: 'LoadBalancer', selector: labels, ports: [{ port: 80, targetPort: 8080 }] } },
      parent,
    );
    if (VERSION !== '1.0.0') {
      new k8s.policy.v1.PodDisruptionBudget(
        name,
        { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: labels } } },
        parent,
      );
      if (args.archive === true) new aws.s3.Bucket(\`\${name}-archive\`, {}, parent);
    }
    const host = service.status.loadBalancer.ingress.apply((ingress) => ingress?.[0]?.hostname ?? '');
    this.url = pulumi.interpolate\`http://\${host}\`;
    this.readyReplicas = deployment.status.readyReplicas;
    this.image = pulumi.output(image);
    this.registerOutputs({ url: this.url, readyReplicas: this.readyReplicas, image: this.image });
  }
}
`;

const stacks = ['play', 'stage-a', 'stage-b', 'live-a', 'live-b', 'gold'];

/** Every file of the estate before anything was vendored, by path. */
export const WRITTEN: Readonly<Record<string, string>> = {
  '.gitignore': 'node_modules\n.signalbox\n',
  'signalbox.yaml': signalbox,
  'Pulumi.yaml': 'name: shop\nruntime: nodejs\nstackConfigDir: .pulumi-stacks\n',
  'components/assets/index.ts': assets,
  'components/web/index.ts': web('1.0.0'),
  'tracks/alpha/track.yaml':
    'track: alpha\ntrunk: { source: ., path: components, ref: main }\ncomponents: {}\n',
  'tracks/beta/track.yaml': 'track: beta\nupstream: alpha\ncomponents: {}\n',
  'tracks/prod/track.yaml': 'track: prod\nupstream: beta\ncomponents: {}\n',
  'stacks/_shared/base.yaml': base,
  'stacks/test/play.yaml': stack('test', 'alpha'),
  'stacks/staging/stage-a.yaml': stack('staging', 'beta'),
  'stacks/staging/stage-b.yaml': stack('staging', 'beta', 'dependsOn: [stage-a]\n'),
  'stacks/production/live-a.yaml': stack('production', 'beta'),
  'stacks/production/live-b.yaml': stack(
    'production',
    'beta',
    'components:\n  web:\n    inputs: { replicas: 3 }\n',
  ),
  'stacks/production/gold.yaml': stack('production', 'prod'),
  ...Object.fromEntries(stacks.map((name) => [`.pulumi-stacks/Pulumi.${name}.yaml`, SALT])),
};
