import { expect } from 'chai';
import Assets, { inputs, outputs } from '../../components/assets';
import { resolved, resource, run } from './mocks';

describe('the assets component', () => {
  it('closes the bucket to the public, encrypts it and keeps it when it has objects', async () => {
    const { recording } = await run(() => new Assets('assets', {}));
    expect(recording.urns).to.deep.equal([
      'urn:pulumi:test::shop::shop:assets:Assets$aws:s3/bucket:Bucket::assets',
      'urn:pulumi:test::shop::shop:assets:Assets$aws:s3/bucketPolicy:BucketPolicy::assets',
      'urn:pulumi:test::shop::shop:assets:Assets$aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::assets',
      'urn:pulumi:test::shop::shop:assets:Assets$aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration::assets',
      'urn:pulumi:test::shop::shop:assets:Assets$aws:s3/bucketVersioning:BucketVersioning::assets',
      'urn:pulumi:test::shop::shop:assets:Assets::assets',
    ]);
    const access = recording.inputs.get(
      resource('aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', 'assets'),
    );
    expect(Object.entries(access ?? {}).filter(([, value]) => value === true)).to.have.length(4);
    expect(recording.inputs.get(resource('aws:s3/bucket:Bucket', 'assets'))).to.include({
      forceDestroy: false,
    });
  });

  it('lets its own account read, and nobody without TLS', async () => {
    const { recording } = await run(() => new Assets('assets', {}));
    const policy = recording.inputs.get(resource('aws:s3/bucketPolicy:BucketPolicy', 'assets'))?.['policy'];
    const [reads, tls] = JSON.parse(String(policy)).Statement;
    expect(reads).to.deep.include({
      Principal: { AWS: 'arn:aws:iam::123456789012:root' },
      Resource: ['arn:aws:s3:::assets-0a1b2c3/*'],
    });
    expect(tls).to.deep.include({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    expect(recording.invokes).to.deep.equal(['aws:index/getCallerIdentity:getCallerIdentity']);
  });

  it('gives the outputs that its schema declares, and refuses an unknown input', async () => {
    const { made } = await run(() => new Assets('assets', { disposable: true }));
    const given = {
      bucket: await resolved(made.bucket),
      bucketArn: await resolved(made.bucketArn),
      domain: await resolved(made.domain),
    };
    expect(outputs.parse(given)).to.deep.equal(given);
    expect(inputs.safeParse({ disposible: true }).success).to.equal(false);
  });
});
