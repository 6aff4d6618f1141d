import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { isStateless } from '../../../src/core/risk';
import { DESCRIBED, overlayOf } from '../../../src/engine/sandbox/overlay/table';
import { schemaOf } from '../../../src/engine/sandbox/schema';

const ROOT = path.resolve(__dirname, '../../..');

describe('sandbox schema', () => {
  it('is the one of the declarations that are installed', () => {
    const script = path.join(ROOT, 'scripts/schema.ts');
    execFileSync(process.execPath, ['-r', 'ts-node/register', script, '--check'], { cwd: ROOT });
  });

  it('is small', () => {
    const file = path.join(ROOT, 'src/engine/sandbox/schema.generated.json');
    expect(readFileSync(file).length).to.be.below(800_000);
  });

  it('knows inputs, outputs and their kinds', () => {
    const subnet = schemaOf('aws:ec2/subnet:Subnet');
    expect(subnet?.get('vpcId')).to.include({ kind: 'string', isInput: true, isRequired: true });
    expect(subnet?.get('arn')).to.include({ isInput: false, isOutput: true, isAlways: true });
    expect(subnet?.get('tags')).to.include({ kind: 'map', isRequired: false, isAlways: false });
    expect(schemaOf('kubernetes:apps/v1:Deployment')?.get('spec')?.kind).to.equal('object');
    expect(schemaOf('aws:rds/instance:Instance')?.get('vpcSecurityGroupIds')?.kind).to.equal('texts');
    expect(schemaOf('pulumi:providers:aws')?.get('region')?.isInput).to.equal(true);
    expect(schemaOf('aws:no/such:Type')).to.equal(undefined);
  });

  it('knows the objects within inputs, those that contain themselves too', () => {
    const spec = schemaOf('kubernetes:apps/v1:Deployment')?.get('spec')?.object();
    const containers = spec?.get('template')?.object()?.get('spec')?.object()?.get('containers');
    expect(containers).to.include({ kind: 'list', isRequired: true });
    expect(containers?.object()?.get('name')).to.include({ kind: 'string', isRequired: true });
    const CUSTOM = 'kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition';
    const versions = schemaOf(CUSTOM)?.get('spec')?.object()?.get('versions')?.object();
    const self = versions?.get('schema')?.object()?.get('openAPIV3Schema')?.object();
    expect(self?.get('not')?.object()).to.equal(self);
    expect(self?.get('properties')).to.include({ kind: 'map' });
    expect(self?.get('properties')?.object()).to.equal(self);
    const table = schemaOf('aws:dynamodb/table:Table');
    expect(table?.get('attributes')?.object()?.get('type')?.isRequired).to.equal(true);
    expect(table?.get('tags')?.object()).to.equal(undefined);
  });

  it('declares every type and property that is described by hand', () => {
    const wrong: string[] = [];
    for (const type of DESCRIBED) {
      const schema = schemaOf(type);
      const { replace = [], autoname, computed = {}, defaults = {}, sensitive = [] } = overlayOf(type) ?? {};
      const names = [
        ...replace.map((name) => name.split(/[.[]/)[0] ?? ''),
        ...sensitive,
        ...Object.keys(defaults),
      ];
      for (const path of replace) {
        let within = schema;
        for (const name of path.split(/[.[\]*]+/)) {
          const declared = within?.get(name);
          if (!declared) wrong.push(`${type} path ${path}`);
          within = declared?.object();
        }
      }
      const inputs = [...names, ...(autoname ? [autoname.property] : [])];
      wrong.push(
        ...inputs.filter((name) => !schema?.get(name)?.isInput).map((name) => `${type} input ${name}`),
      );
      const outputs = Object.keys(computed).filter((name) => !schema?.get(name)?.isOutput);
      wrong.push(...outputs.map((name) => `${type} output ${name}`));
    }
    expect(wrong).to.deep.equal([]);
  });

  it('describes the types that programs use most', () => {
    expect(DESCRIBED.length).to.be.at.least(140);
    for (const type of [
      'ecs/service:Service',
      'cloudfront/distribution:Distribution',
      'rds/cluster:Cluster',
    ]) {
      expect(overlayOf(`aws:${type}`), type).to.not.equal(undefined);
    }
  });

  it('never describes as holding data what the policy takes back without a question', () => {
    const contradictions = DESCRIBED.filter((type) => overlayOf(type)?.stateful && isStateless(type));
    expect(contradictions).to.deep.equal([]);
  });
});
