import { Duration, RemovalPolicy, SecretValue, Stack, type StackProps } from 'aws-cdk-lib'
import * as acm from 'aws-cdk-lib/aws-certificatemanager'
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront'
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins'
import * as route53 from 'aws-cdk-lib/aws-route53'
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets'
import * as s3 from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { LOG_DAYS, originDomainOf, prefixOf, type EnvironmentConfig } from '../config.ts'
import { accept } from '../check/accept.ts'
import { addFirewall } from './firewall.ts'
import { ORIGIN_HEADER } from './load-balancer.ts'
import { originSecretName } from './secrets.ts'

/** Files whose names change with what is in them: every version's may lie side by side. */
export const STATIC_PREFIX = '_app/immutable/'

/** Where the files of versions are put. The account makes the name unique. */
export const staticBucketName = (account: string, config: EnvironmentConfig) => `${prefixOf(config)}-static-${account}`

/**
 * The way in for visitors: CloudFront with its firewall, its certificate and its name. All of it lives in EDGE_REGION, and
 * needs nothing of other stacks but names: the load balancer's, and that of the secret, which is replicated there.
 */
export class EdgeStack extends Stack {
  readonly distribution: cloudfront.Distribution

  constructor(scope: Construct, config: EnvironmentConfig, props: StackProps) {
    super(scope, `${prefixOf(config)}-edge`, props)
    const zone = route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: config.hostedZone.id,
      zoneName: config.hostedZone.name,
    })
    this.distribution = this.#distribution(config, zone)
    const alias = {
      zone,
      recordName: `${config.domain}.`,
      target: route53.RecordTarget.fromAlias(new CloudFrontTarget(this.distribution)),
    }
    new route53.ARecord(this, 'Record', alias)
    new route53.AaaaRecord(this, 'Record6', alias)
  }

  #distribution(config: EnvironmentConfig, zone: route53.IHostedZone): cloudfront.Distribution {
    const application = new origins.HttpOrigin(originDomainOf(config), {
      protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
      originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1_2],
      readTimeout: Duration.seconds(60),
      customHeaders: { [ORIGIN_HEADER]: SecretValue.secretsManager(originSecretName(config)).unsafeUnwrap() },
    })
    const distribution = new cloudfront.Distribution(this, 'Distribution', {
      comment: `Slotkeeper ${config.name}`,
      domainNames: [config.domain],
      certificate: new acm.Certificate(this, 'Certificate', {
        domainName: config.domain,
        validation: acm.CertificateValidation.fromDns(zone),
      }),
      minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      priceClass: cloudfront.PriceClass.PRICE_CLASS_100,
      webAclId: addFirewall(this, config).attrArn,
      enableLogging: true,
      logBucket: this.#logBucket(),
      defaultBehavior: {
        origin: application,
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
        // Most answers are somebody's. The application hears what visitors say, the name they asked for included.
        cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
        originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER,
        responseHeadersPolicy: this.#headers('PageHeaders'),
      },
      additionalBehaviors: { [`/${STATIC_PREFIX}*`]: this.#staticFiles(config, application) },
    })
    accept(distribution, { 'AwsSolutions-CFR1': 'People book from wherever they are.' })
    return distribution
  }

  /** A file that was not put into the bucket comes from the application, so that a roll out never depends on the upload. */
  #staticFiles(config: EnvironmentConfig, application: cloudfront.IOrigin): cloudfront.BehaviorOptions {
    const origin = new origins.OriginGroup({
      primaryOrigin: origins.S3BucketOrigin.withOriginAccessControl(this.#staticBucket(config)),
      fallbackOrigin: application,
      fallbackStatusCodes: [403, 404, 500, 502, 503, 504],
    })
    return {
      origin,
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: cloudfront.CachePolicy.CACHING_OPTIMIZED,
      responseHeadersPolicy: this.#headers('FileHeaders', { 'Cross-Origin-Resource-Policy': 'same-origin' }),
    }
  }

  /** What the application says itself stands. Framing is its decision alone: businesses embed its pages. */
  #headers(id: string, more: Record<string, string> = {}): cloudfront.ResponseHeadersPolicy {
    return new cloudfront.ResponseHeadersPolicy(this, id, {
      securityHeadersBehavior: {
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: false },
        contentTypeOptions: { override: true },
        referrerPolicy: {
          referrerPolicy: cloudfront.HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN,
          override: false,
        },
      },
      customHeadersBehavior: {
        customHeaders: Object.entries(more).map(([header, value]) => ({ header, value, override: false })),
      },
    })
  }

  /** Only CloudFront reads it, only the pipeline writes. */
  #staticBucket(config: EnvironmentConfig): s3.Bucket {
    const bucket = new s3.Bucket(this, 'Static', {
      bucketName: staticBucketName(this.account, config),
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          transitions: [
            { storageClass: s3.StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(LOG_DAYS) },
          ],
          noncurrentVersionExpiration: Duration.days(LOG_DAYS),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    })
    const made = 'Files of published images: every one can be taken out of its image again.'
    accept(bucket, {
      'AwsSolutions-S1': 'CloudFront logs who asks for these public files.',
      'NIST.800.53.R5-S3BucketLoggingEnabled': 'CloudFront logs who asks for these public files.',
      'NIST.800.53.R5-S3BucketReplicationEnabled': made,
      'NIST.800.53.R5-S3DefaultEncryptionKMS': 'What every visitor gets is no secret.',
    })
    return bucket
  }

  #logBucket(): s3.Bucket {
    const bucket = new s3.Bucket(this, 'AccessLogs', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      // CloudFront writes logs by an access list.
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ expiration: Duration.days(LOG_DAYS), noncurrentVersionExpiration: Duration.days(1) }],
    })
    accept(bucket, {
      'AwsSolutions-S1': 'It holds access logs itself.',
      'NIST.800.53.R5-S3BucketLoggingEnabled': 'It holds access logs itself.',
      'NIST.800.53.R5-S3BucketReplicationEnabled': 'Logs of 30 days: losing them loses no booking.',
      'NIST.800.53.R5-S3DefaultEncryptionKMS': 'CloudFront writes these logs with keys of S3.',
    })
    return bucket
  }
}
