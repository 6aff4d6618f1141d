import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';

/** What a stack file writes. */
export const inputs = z.strictObject({
  disposable: z
    .boolean()
    .default(false)
    .describe('Whether the bucket may be deleted with objects in it; for playgrounds only.'),
});

/** What others may use. */
export const outputs = z.object({
  bucket: z.string().describe('Name of the bucket.'),
  bucketArn: z.string(),
  domain: z.string().describe('Regional DNS name of the bucket, without a scheme.'),
});

/** The bucket of product images: private, encrypted, readable by its own account over TLS only. */
export default class Assets extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  readonly domain: pulumi.Output<string>;

  constructor(name: string, args: z.input<typeof inputs>, opts?: pulumi.ComponentResourceOptions) {
    super('shop:assets:Assets', name, {}, opts);
    const { disposable } = inputs.parse(args);
    const parent = { parent: this };

    const bucket = new aws.s3.Bucket(name, { forceDestroy: disposable, tags: { Name: name } }, parent);
    const access = new aws.s3.BucketPublicAccessBlock(
      name,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      {
        bucket: bucket.id,
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms' }, bucketKeyEnabled: true }],
      },
      parent,
    );
    new aws.s3.BucketVersioning(
      name,
      { bucket: bucket.id, versioningConfiguration: { status: 'Suspended' } },
      parent,
    );

    const account = aws.getCallerIdentityOutput({}, parent).accountId;
    new aws.s3.BucketPolicy(
      name,
      {
        bucket: bucket.id,
        policy: pulumi.jsonStringify({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'OwnAccountReads',
              Effect: 'Allow',
              Principal: { AWS: pulumi.interpolate`arn:aws:iam::${account}:root` },
              Action: ['s3:GetObject'],
              Resource: [pulumi.interpolate`${bucket.arn}/*`],
            },
            {
              Sid: 'TlsOnly',
              Effect: 'Deny',
              Principal: '*',
              Action: ['s3:*'],
              Resource: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        }),
      },
      // S3 refuses two changes of a bucket's access at once.
      { ...parent, dependsOn: [access] },
    );

    this.bucket = bucket.bucket;
    this.bucketArn = bucket.arn;
    this.domain = bucket.bucketRegionalDomainName;
    this.registerOutputs({ bucket: this.bucket, bucketArn: this.bucketArn, domain: this.domain });
  }
}
