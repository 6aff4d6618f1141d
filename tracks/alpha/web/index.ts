import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';

/** What a stack file writes. */
export const inputs = z.strictObject({
  replicas: z.number().int().min(1).max(50).default(2).describe('Number of pods at rest.'),
  repository: z.string().min(1).default('shop').describe('Container image without its tag.'),
  bucket: z.string().describe('Name of the bucket with product images.'),
  databaseHost: z.string().describe('Host name of the database, without a port.'),
  databasePort: z.number().int().min(1).max(65535).describe('Port of the database.'),
  primary: z
    .string()
    .optional()
    .describe('URL of the shop that takes the writes; without it this shop takes its own.'),
});

/** What others may use. */
export const outputs = z.object({
  url: z.string().describe('http URL of the load balancer.'),
  host: z.string().describe('DNS name of the load balancer.'),
  readyReplicas: z.number().int().describe('Pods that pass their readiness probe.'),
  image: z.string().describe('Container image with its tag.'),
});

type Plain = z.input<typeof inputs>;

/** Inputs as a program gives them: what comes from other components or stacks may still be an output. */
export interface WebArgs extends Pick<Plain, 'replicas' | 'repository'> {
  readonly bucket: pulumi.Input<string>;
  readonly databaseHost: pulumi.Input<string>;
  readonly databasePort: pulumi.Input<number>;
  readonly primary?: pulumi.Input<string>;
}

/** Version of the shop this content deploys. */
const VERSION = '2.5.0';
const PORT = 8080;

/** The shop itself: pods behind a load balancer, scaled by their load. */
export default class Web extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;
  readonly host: pulumi.Output<string>;
  readonly readyReplicas: pulumi.Output<number>;
  readonly image: pulumi.Output<string>;

  constructor(name: string, args: WebArgs, opts?: pulumi.ComponentResourceOptions) {
    super('shop:web:Web', name, {}, opts);
    const replicas = inputs.shape.replicas.parse(args.replicas);
    const image = `${inputs.shape.repository.parse(args.repository)}:${VERSION}`;
    const labels = { app: name };
    const parent = { parent: this };

    const namespace = new k8s.core.v1.Namespace(name, { metadata: { labels } }, parent);
    const metadata = { namespace: namespace.metadata.name, labels };
    const settings = new k8s.core.v1.ConfigMap(
      name,
      {
        metadata,
        data: {
          ASSETS_BUCKET: args.bucket,
          DATABASE_HOST: args.databaseHost,
          DATABASE_PORT: pulumi.interpolate`${args.databasePort}`,
          ...(args.primary === undefined ? {} : { PRIMARY_URL: args.primary }),
        },
      },
      parent,
    );
    const deployment = new k8s.apps.v1.Deployment(
      name,
      {
        metadata,
        spec: {
          replicas,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              containers: [
                {
                  name: 'shop',
                  image,
                  ports: [{ name: 'http', containerPort: PORT }],
                  envFrom: [{ configMapRef: { name: settings.metadata.name } }],
                  readinessProbe: {
                    httpGet: { path: '/healthz', port: 'http' },
                    periodSeconds: 5,
                    failureThreshold: 3,
                  },
                  resources: {
                    requests: { cpu: '100m', memory: '128Mi' },
                    limits: { memory: '256Mi' },
                  },
                },
              ],
            },
          },
        },
      },
      parent,
    );
    new k8s.policy.v1.PodDisruptionBudget(
      name,
      { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: labels } } },
      parent,
    );
    new k8s.networking.v1.NetworkPolicy(
      name,
      {
        metadata,
        spec: {
          podSelector: { matchLabels: labels },
          policyTypes: ['Ingress'],
          ingress: [{ ports: [{ protocol: 'TCP', port: PORT }] }],
        },
      },
      parent,
    );
    const service = new k8s.core.v1.Service(
      name,
      {
        metadata,
        spec: {
          type: 'LoadBalancer',
          selector: labels,
          ports: [{ name: 'http', port: 80, targetPort: 'http' }],
        },
      },
      parent,
    );
    new k8s.autoscaling.v2.HorizontalPodAutoscaler(
      name,
      {
        metadata,
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment.metadata.name },
          minReplicas: replicas,
          maxReplicas: replicas * 3,
          metrics: [
            {
              type: 'Resource',
              resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } },
            },
          ],
        },
      },
      parent,
    );

    this.host = service.status.loadBalancer.ingress.apply((ingress) => ingress?.[0]?.hostname ?? '');
    this.url = pulumi.interpolate`http://${this.host}`;
    this.readyReplicas = deployment.status.readyReplicas;
    this.image = pulumi.output(image);
    this.registerOutputs({
      url: this.url,
      host: this.host,
      readyReplicas: this.readyReplicas,
      image: this.image,
    });
  }
}
