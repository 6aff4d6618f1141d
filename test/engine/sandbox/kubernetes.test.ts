import { expect } from 'chai';
import {
  type Provider,
  SECRET,
  SIGNATURE,
  type Wire,
  type WireObject,
} from '../../../src/engine/embedded/provider';
import type { Cloud } from '../../../src/engine/sandbox/cloud';
import { at } from '../../../src/engine/sandbox/dialect';
import { provider, Subject, UNKNOWN, World } from './world';

const DEPLOYMENT = 'kubernetes:apps/v1:Deployment';

function deployment(image = 'shop:2.4.0', replicas = 2, labels: WireObject = { app: 'web' }): WireObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'shop', image }] } },
    },
  };
}

const object = (kind: string, rest: WireObject = {}, apiVersion = 'v1'): WireObject => ({
  apiVersion,
  kind,
  ...rest,
});

describe('sandbox provider of kubernetes', () => {
  let world: World;
  let cloud: Cloud;
  let kubernetes: Provider;
  const subject = (type: string, name: string): Subject => new Subject(kubernetes, type, name);

  beforeEach(async () => {
    world = new World();
    cloud = world.open();
    kubernetes = await provider(cloud, 'kubernetes', { context: 'shop-us-east-1' });
  });
  afterEach(() => world.remove());

  it('names an object after its resource, puts it into the default namespace, and keeps the name', async () => {
    const web = await subject(DEPLOYMENT, 'web').create(deployment());
    const metadata = web.inputs['metadata'] as WireObject;
    expect(metadata['name']).to.match(/^web-[0-9a-f]{8}$/);
    expect(metadata['namespace']).to.equal('default');
    expect(metadata['annotations']).to.deep.equal({ 'pulumi.com/autonamed': 'true' });
    expect(web.id).to.equal(`default/${metadata['name']}`);
    expect((await web.diff(deployment())).changes).to.equal('none');
    expect((await web.diff(deployment())).changes).to.equal('none');
  });

  it('gives a cluster-wide object no namespace, and others the one of the provider', async () => {
    const space = await subject('kubernetes:core/v1:Namespace', 'shop').create(object('Namespace'));
    expect(space.id).to.match(/^shop-[0-9a-f]{8}$/);
    const own = await provider(cloud, 'kubernetes', { namespace: 'team' });
    const map = await new Subject(own, 'kubernetes:core/v1:ConfigMap', 'web').create(object('ConfigMap'));
    expect(map.id).to.match(/^team\/web-/);
  });

  it('reports a workload as ready as it is', async () => {
    const web = await subject(DEPLOYMENT, 'web').create(deployment('shop:2.4.0', 3));
    expect(web.outputs['status']).to.include({ replicas: 3, readyReplicas: 3, availableReplicas: 3 });
    const foreseen = await web.update(deployment('shop:2.4.1', 5), true);
    expect(foreseen['status']).to.include({ replicas: 5, readyReplicas: 3 });
    expect(at(foreseen, 'metadata', 'resourceVersion')).to.equal(
      at(web.outputs, 'metadata', 'resourceVersion'),
    );
    expect((await web.update(deployment('shop:2.4.1', 5)))['status']).to.include({ readyReplicas: 5 });
  });

  it('does not know status and cluster address before there is an object', async () => {
    const service = await subject('kubernetes:core/v1:Service', 'web').foresee(
      object('Service', { spec: { type: 'LoadBalancer', selector: { app: 'web' } } }),
    );
    expect(service['status']).to.equal(UNKNOWN);
    expect(service['spec']).to.include({ clusterIP: UNKNOWN, type: 'LoadBalancer' });
    expect(at(service, 'metadata', 'uid')).to.equal(UNKNOWN);
    expect(at(service, 'metadata', 'name')).to.match(/^web-/);
  });

  it('gives a LoadBalancer a DNS name of the cluster’s region that survives updates', async () => {
    const inputs = (port: number): WireObject =>
      object('Service', { spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port }] } });
    const service = await subject('kubernetes:core/v1:Service', 'web').create(inputs(80));
    const host = at(service.outputs, 'status', 'loadBalancer', 'ingress', 0, 'hostname');
    expect(host).to.match(
      /^k8s-default-web[0-9a-f]{5}-[0-9a-f]{10}-[0-9a-f]{16}\.elb\.us-east-1\.amazonaws\.com$/,
    );
    const updated = await service.update(inputs(81));
    expect(at(updated, 'status', 'loadBalancer', 'ingress', 0, 'hostname')).to.equal(host);
    expect(at(updated, 'spec', 'clusterIP')).to.equal(at(service.outputs, 'spec', 'clusterIP'));
  });

  it('replaces what the API server would not change', async () => {
    const web = await subject(DEPLOYMENT, 'web').create(deployment());
    const relabelled = await web.diff(deployment('shop:2.4.0', 2, { app: 'other' }));
    expect(relabelled.replaces).to.deep.equal(['spec.selector.matchLabels.app']);
    expect(relabelled.deleteBeforeReplace).to.equal(false);
    const settings = await subject('kubernetes:core/v1:ConfigMap', 'web').create(
      object('ConfigMap', { metadata: { name: 'web' }, data: { a: '1' } }),
    );
    const diff = await settings.diff(object('ConfigMap', { metadata: { name: 'web' }, data: { a: '2' } }));
    expect(diff.replaces).to.deep.equal(['data.a']);
    expect(diff.deleteBeforeReplace).to.equal(true);
  });

  it('knows of each kind what the API server would not change', async () => {
    const forced = async (
      type: string,
      before: WireObject,
      after: WireObject,
    ): Promise<readonly string[]> => {
      const kind = type.split(':').at(-1) ?? '';
      const named = (rest: WireObject) => object(kind, { metadata: { name: 'x' }, ...rest });
      const made = await subject(type, 'x').create(named(before));
      const { replaces } = await made.diff(named(after));
      await made.delete();
      return replaces;
    };
    const spec = (values: WireObject): WireObject => ({ spec: values });
    const CLAIM = 'kubernetes:core/v1:PersistentVolumeClaim';
    const size = (storage: string, accessModes = ['ReadWriteOnce']) =>
      spec({ accessModes, resources: { requests: { storage } } });
    expect(await forced(CLAIM, size('1Gi'), size('2Gi'))).to.deep.equal([]);
    expect(await forced(CLAIM, size('1Gi'), size('1Gi', ['ReadWriteMany']))).to.deep.equal([
      'spec.accessModes[0]',
    ]);
    const JOB = 'kubernetes:batch/v1:Job';
    const job = (image: string) => spec({ template: { spec: { containers: [{ name: 'a', image }] } } });
    expect(await forced(JOB, job('a:1'), job('a:2'))).to.deep.equal([
      'spec.template.spec.containers[0].image',
    ]);
    const POD = 'kubernetes:core/v1:Pod';
    const pod = (container: WireObject) => spec({ containers: [{ name: 'a', image: 'a:1', ...container }] });
    expect(await forced(POD, pod({}), pod({ image: 'a:2' }))).to.deep.equal([]);
    expect(await forced(POD, pod({ args: ['a'] }), pod({ args: ['b'] }))).to.deep.equal([
      'spec.containers[0].args[0]',
    ]);
    const SERVICE = 'kubernetes:core/v1:Service';
    const [inner, outer] = [spec({ type: 'ClusterIP' }), spec({ type: 'LoadBalancer' })];
    expect(await forced(SERVICE, inner, outer)).to.deep.equal(['spec.type']);
    const fixed = (clusterIP: string) => spec({ clusterIP });
    expect(await forced(SERVICE, fixed('10.0.0.1'), fixed('10.0.0.2'))).to.deep.equal(['spec.clusterIP']);
    expect(await forced(SERVICE, fixed('10.0.0.1'), spec({}))).to.deep.equal([]);
    const SET = 'kubernetes:apps/v1:StatefulSet';
    const set = (serviceName: string, replicas: number) =>
      spec({ serviceName, replicas, selector: {}, template: {} });
    expect(await forced(SET, set('a', 1), set('a', 2))).to.deep.equal([]);
    expect(await forced(SET, set('a', 1), set('b', 1))).to.deep.equal(['spec.serviceName']);
    const CONFIG = 'kubernetes:core/v1:ConfigMap';
    const moved = { metadata: { name: 'x', namespace: 'other' } };
    expect(await forced(CONFIG, { data: { a: '1' } }, { data: { a: '1' }, ...moved })).to.deep.equal([
      'metadata.namespace',
    ]);
  });

  it('replaces data that the provider may change in place only where it is marked immutable', async () => {
    const own = await provider(cloud, 'kubernetes', { enableConfigMapMutable: true });
    const config = (a: string, rest: WireObject = {}) => object('ConfigMap', { data: { a }, ...rest });
    const settings = await new Subject(own, 'kubernetes:core/v1:ConfigMap', 'web').create(config('1'));
    expect((await settings.diff(config('2'))).replaces).to.deep.equal([]);
    const fixed = await settings.diff(config('2', { immutable: true }));
    expect(fixed.replaces).to.include('data.a');
  });

  it('changes the image in place', async () => {
    const web = await subject(DEPLOYMENT, 'web').create(deployment());
    const diff = await web.diff(deployment('shop:2.4.1'));
    expect(Object.keys(diff.detailedDiff ?? {})).to.deep.equal(['spec.template.spec.containers[0].image']);
    expect(diff.replaces).to.deep.equal([]);
  });

  it('keeps the data of a Secret secret', async () => {
    const inner: WireObject = { [SIGNATURE]: SECRET, value: 'tell nobody' };
    const made = await subject('kubernetes:core/v1:Secret', 'key').create(
      object('Secret', { stringData: { password: inner } }),
    );
    expect(made.outputs['stringData']).to.deep.equal({ password: inner });
    expect(JSON.stringify(cloud.ofType('kubernetes:core/v1:Secret'))).to.not.contain('tell nobody');
    expect((await made.read()).properties).to.deep.equal(made.outputs);
  });

  it('says what is wrong with an object', async () => {
    const { failures } = await subject(DEPLOYMENT, 'web').check({
      kind: 'Deployment',
      metadata: { name: 'Web_1' },
      specs: {},
    });
    expect(failures.map(({ property, reason }) => `${property}: ${reason}`)).to.deep.equal([
      "spec: Missing required property 'spec'",
      "specs: unknown property 'specs'; did you mean 'spec'?",
      'apiVersion: is required',
      `metadata.name: Invalid value: "Web_1": lower case letters, digits, '-' and '.' only`,
    ]);
  });

  it('says what is wrong however deep it is, and takes manifests as they are written', async () => {
    const wrong = async (type: string, news: WireObject): Promise<string[]> =>
      (await subject(type, 'web').check(news)).failures.map(
        ({ property, reason }) => `${property}: ${reason}`,
      );
    const sound = deployment();
    expect(await wrong(DEPLOYMENT, { ...sound, status: {} })).to.deep.equal([]);
    const spec = sound['spec'] as WireObject;
    const pods = (containers: Wire, rest: WireObject = {}): WireObject => ({
      ...sound,
      spec: { ...spec, template: { spec: { containers, ...rest } } },
    });
    expect(
      await wrong(DEPLOYMENT, pods([{ name: 'shop', imagee: 'a', env: [{ value: 'x' }] }])),
    ).to.deep.equal([
      "spec.template.spec.containers[0].imagee: unknown property 'imagee'; did you mean 'image'?",
      "spec.template.spec.containers[0].env[0].name: Missing required property 'name'",
    ]);
    expect(await wrong(DEPLOYMENT, pods({}, { volumes: ['data'], nodeSelector: 'a' }))).to.deep.equal([
      'spec.template.spec.containers: expected a list, got an object',
      'spec.template.spec.volumes[0]: expected an object, got a string',
      'spec.template.spec.nodeSelector: expected a map, got a string',
    ]);
    const secret: WireObject = { [SIGNATURE]: SECRET, value: [{ name: 'shop', image: UNKNOWN, x: 1 }] };
    expect(await wrong(DEPLOYMENT, pods(secret))).to.deep.equal([
      "spec.template.spec.containers[0].x: unknown property 'x'",
    ]);
    const schema = { properties: { a: { 'x-kubernetes-int-or-string': true, items: { typo: 'x' } } } };
    expect(
      await wrong('kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition', {
        ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
        spec: {
          ...{ group: 'a.example', scope: 'Namespaced', names: { kind: 'A', plural: 'as' } },
          versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
        },
      }),
    ).to.deep.equal([]);
  });

  it('says what is wrong with the configuration of a provider', async () => {
    const { failures } = await kubernetes.checkConfig({
      urn: 'urn:pulumi:shop-eu1::shop::pulumi:providers:kubernetes::kubernetes',
      olds: {},
      news: { contxt: 'x', version: '4.34.2', helmReleaseSettings: '{"driver":3}' },
    });
    expect(failures.map(({ reason }) => reason)).to.deep.equal([
      "unknown property 'contxt'; did you mean 'context'?",
    ]);
  });

  it('decodes YAML', async () => {
    const { result } = await kubernetes.invoke({
      token: 'kubernetes:yaml:decode',
      args: { text: 'kind: A\n---\nkind: B\n' },
    });
    expect(result).to.deep.equal({ result: [{ kind: 'A' }, { kind: 'B' }] });
  });
});
