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
    expect(readFileSync(file).length).to.be.below(500_000);
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
      const inputs = [...names, ...(autoname ? [autoname.property] : [])];
      wrong.push(
        ...inputs.filter((name) => !schema?.get(name)?.isInput).map((name) => `${type} input ${name}`),
      );
      const outputs = Object.keys(computed).filter((name) => !schema?.get(name)?.isOutput);
      wrong.push(...outputs.map((name) => `${type} output ${name}`));
    }
    expect(wrong).to.deep.equal([]);
  });

  it('never describes as holding data what the policy takes back without a question', () => {
    const contradictions = DESCRIBED.filter((type) => overlayOf(type)?.stateful && isStateless(type));
    expect(contradictions).to.deep.equal([]);
  });
});
