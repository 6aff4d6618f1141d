import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import Web, { inputs, outputs } from '../../components/web';
import { type Properties, type Recording, resolved, resource, run } from './mocks';

const args = { bucket: 'assets-1', databaseHost: 'db.example', databasePort: 5432 };

const of = (recording: Recording, type: string): Properties =>
  recording.inputs.get(resource(`kubernetes:${type}`, 'web')) ?? {};

describe('the web component', () => {
  it('runs its pods in a namespace of its own, all below itself', async () => {
    const { recording } = await run(() => new Web('web', args));
    expect(recording.urns).to.deep.equal([
      ...[
        'apps/v1:Deployment',
        'autoscaling/v2:HorizontalPodAutoscaler',
        'core/v1:ConfigMap',
        'core/v1:Namespace',
        'core/v1:Service',
        'networking.k8s.io/v1:NetworkPolicy',
        'policy/v1:PodDisruptionBudget',
      ].map((type) => `urn:pulumi:test::shop::shop:web:Web$kubernetes:${type}::web`),
      'urn:pulumi:test::shop::shop:web:Web::web',
    ]);
  });

  it('tells the pods where database, images and the writing shop are', async () => {
    const alone = await run(() => new Web('web', args));
    expect(of(alone.recording, 'core/v1:ConfigMap')['data']).to.deep.equal({
      ASSETS_BUCKET: 'assets-1',
      DATABASE_HOST: 'db.example',
      DATABASE_PORT: '5432',
    });
    const second = await run(
      () => new Web('web', { ...args, primary: pulumi.output('http://www.shop.example') }),
    );
    expect(of(second.recording, 'core/v1:ConfigMap')['data']).to.include({
      PRIMARY_URL: 'http://www.shop.example',
    });
  });

  it('sends traffic only to pods that answer /healthz, and scales from its replicas up', async () => {
    const { recording } = await run(
      () => new Web('web', { ...args, replicas: 3, repository: 'mirror/shop' }),
    );
    const deployment = of(recording, 'apps/v1:Deployment');
    const container = 'spec.template.spec.containers[0]';
    expect(deployment).to.have.nested.property('spec.replicas', 3);
    expect(deployment).to.have.nested.property(`${container}.readinessProbe.httpGet.path`, '/healthz');
    expect(deployment)
      .to.have.nested.property(`${container}.image`)
      .that.matches(/^mirror\/shop:2\.\d+\.\d+$/);
    expect(of(recording, 'core/v1:Service')).to.have.nested.property('spec.selector.app', 'web');
    expect(of(recording, 'autoscaling/v2:HorizontalPodAutoscaler')).to.have.nested.property(
      'spec.minReplicas',
      3,
    );
  });

  it('lets only the port of the pods be reached, and takes them away one at a time', async () => {
    const { recording } = await run(() => new Web('web', args));
    const policy = of(recording, 'networking.k8s.io/v1:NetworkPolicy');
    const deployment = of(recording, 'apps/v1:Deployment');
    const port = { protocol: 'TCP', port: 8080 };
    expect(policy).to.have.deep.nested.property('spec.ingress', [{ ports: [port] }]);
    expect(deployment).to.have.nested.property(
      'spec.template.spec.containers[0].ports[0].containerPort',
      8080,
    );
    expect(of(recording, 'policy/v1:PodDisruptionBudget')).to.have.nested.property('spec.maxUnavailable', 1);
  });

  it('gives the outputs that its schema declares', async () => {
    const { made } = await run(() => new Web('web', args));
    const given = {
      url: await resolved(made.url),
      host: await resolved(made.host),
      readyReplicas: await resolved(made.readyReplicas),
      image: await resolved(made.image),
    };
    expect(outputs.parse(given)).to.deep.equal(given);
    expect(given).to.include({ url: 'http://web.elb.example', readyReplicas: 2 });
  });

  it('refuses no replicas, a port that is none and a missing bucket', () => {
    expect(inputs.safeParse({ ...args, replicas: 0 }).success).to.equal(false);
    expect(inputs.safeParse({ ...args, databasePort: 70_000 }).success).to.equal(false);
    expect(inputs.safeParse({ ...args, bucket: undefined }).success).to.equal(false);
    expect(inputs.parse(args)).to.include({ replicas: 2, repository: 'shop' });
  });
});
