import { App } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { CONFIGS, EDGE_REGION, ENVIRONMENTS, LOG_DAYS } from '../config.ts'
import { EdgeStack } from '../stacks/edge.ts'
import { REQUESTS_PER_ADDRESS } from '../stacks/firewall.ts'

type Distribution = { Properties: { DistributionConfig: { Origins: { Id: string; DomainName: unknown }[] } } }

describe.each(ENVIRONMENTS)('%s', (environment) => {
  const config = CONFIGS[environment]
  const template = Template.fromStack(new EdgeStack(new App(), config, { env: { region: EDGE_REGION } }))
  const [bucket] = Object.keys(
    template.findResources('AWS::S3::Bucket', { Properties: { BucketName: Match.anyValue() } }),
  )
  const distribution = (properties: Record<string, unknown>) =>
    template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: Match.objectLike(properties),
    })

  test('visitors come by HTTPS alone, with TLS 1.2 or newer (W5)', () => {
    distribution({
      Aliases: [config.domain],
      ViewerCertificate: Match.objectLike({ MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' }),
      DefaultCacheBehavior: Match.objectLike({ ViewerProtocolPolicy: 'redirect-to-https' }),
      CacheBehaviors: [Match.objectLike({ ViewerProtocolPolicy: 'redirect-to-https' })],
    })
  })

  test('CloudFront asks the load balancer by TLS alone and shows the secret that it wants to hear (W5)', () => {
    distribution({
      Origins: Match.arrayWith([
        Match.objectLike({
          DomainName: `origin.${config.domain}`,
          CustomOriginConfig: Match.objectLike({ OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] }),
          OriginCustomHeaders: [
            {
              HeaderName: 'X-Origin-Verify',
              HeaderValue: `{{resolve:secretsmanager:slotkeeper-${environment}/origin:SecretString:::}}`,
            },
          ],
        }),
      ]),
    })
  })

  test('what the application answers is kept nowhere on the way', () => {
    const cachingDisabled = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad'
    distribution({ DefaultCacheBehavior: Match.objectLike({ CachePolicyId: cachingDisabled }) })
  })

  test('static files have versions, older ones go, and only CloudFront reads them (W3, W7)', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: Match.anyValue(),
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: {
        Rules: [
          Match.objectLike({
            NoncurrentVersionExpiration: { NoncurrentDays: LOG_DAYS },
            Transitions: [{ StorageClass: 'INTELLIGENT_TIERING', TransitionInDays: LOG_DAYS }],
          }),
        ],
      },
    })
    template.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
      OriginAccessControlConfig: Match.objectLike({ SigningBehavior: 'always', SigningProtocol: 'sigv4' }),
    })
    const policies = Object.values(
      template.findResources('AWS::S3::BucketPolicy', { Properties: { Bucket: { Ref: bucket } } }),
    )
    const statements = policies.flatMap(
      (one) => one['Properties'].PolicyDocument.Statement as Record<string, unknown>[],
    )
    expect(statements.filter(({ Effect }) => Effect === 'Allow')).toEqual([
      expect.objectContaining({
        Action: 's3:GetObject',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Condition: { StringEquals: { 'AWS:SourceArn': expect.anything() } },
      }),
    ])
  })

  test('files of versions before stay: pages that are open still ask for them', () => {
    const found = Object.values(
      template.findResources('AWS::S3::Bucket', { Properties: { BucketName: Match.anyValue() } }),
    )
    const rules = found.flatMap((one) => one['Properties'].LifecycleConfiguration.Rules as object[])
    expect(rules).not.toEqual([])
    for (const rule of rules) expect(Object.keys(rule).filter((key) => key.startsWith('Expiration'))).toEqual([])
  })

  test('a static file that is not in the bucket comes from the application', () => {
    const [found] = Object.values(template.findResources('AWS::CloudFront::Distribution')) as Distribution[]
    const origins = found?.Properties.DistributionConfig.Origins ?? []
    const application = origins.find(({ DomainName }) => DomainName === `origin.${config.domain}`)?.Id
    const files = origins.find(({ Id }) => Id !== application)?.Id
    distribution({
      CacheBehaviors: [Match.objectLike({ PathPattern: '/_app/immutable/*' })],
      OriginGroups: {
        Quantity: 1,
        Items: [
          Match.objectLike({
            FailoverCriteria: { StatusCodes: Match.objectLike({ Items: Match.arrayWith([403, 404]) }) },
            Members: { Quantity: 2, Items: [{ OriginId: files }, { OriginId: application }] },
          }),
        ],
      },
    })
  })

  test('answers demand HTTPS for a year, and files are no part of other sites', () => {
    template.allResourcesProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: Match.objectLike({
        SecurityHeadersConfig: Match.objectLike({
          StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, Override: false },
          ContentTypeOptions: { Override: true },
        }),
      }),
    })
    template.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: Match.objectLike({
        CustomHeadersConfig: {
          Items: [{ Header: 'Cross-Origin-Resource-Policy', Value: 'same-origin', Override: false }],
        },
      }),
    })
  })

  test('the firewall stands before CloudFront, with rules that AWS keeps and a limit for each address', () => {
    distribution({ WebACLId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Firewall'), 'Arn'] } })
    const managed = (Name: string) =>
      Match.objectLike({
        OverrideAction: { None: {} },
        Statement: { ManagedRuleGroupStatement: Match.objectLike({ VendorName: 'AWS', Name }) },
      })
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'CLOUDFRONT',
      Rules: [
        Match.objectLike({
          Action: { Block: { CustomResponse: { ResponseCode: 429 } } },
          Statement: { RateBasedStatement: Match.objectLike({ Limit: REQUESTS_PER_ADDRESS, AggregateKeyType: 'IP' }) },
        }),
        managed('AWSManagedRulesAmazonIpReputationList'),
        managed('AWSManagedRulesCommonRuleSet'),
        managed('AWSManagedRulesKnownBadInputsRuleSet'),
        managed('AWSManagedRulesSQLiRuleSet'),
      ],
    })
  })

  test('what the firewall logs is encrypted, kept for 30 days, and has no cookies or credentials (R2)', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: `aws-waf-logs-slotkeeper-${environment}`,
      RetentionInDays: LOG_DAYS,
      KmsKeyId: Match.anyValue(),
    })
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      RedactedFields: [{ SingleHeader: { Name: 'cookie' } }, { SingleHeader: { Name: 'authorization' } }],
    })
    template.allResourcesProperties('AWS::KMS::Key', { EnableKeyRotation: true })
  })

  test('the name leads to CloudFront, by IPv4 and IPv6 (W3)', () => {
    for (const Type of ['A', 'AAAA'])
      template.hasResourceProperties('AWS::Route53::RecordSet', {
        Type,
        Name: `${config.domain}.`,
        HostedZoneId: config.hostedZone.id,
        AliasTarget: Match.objectLike({
          DNSName: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Distribution'), 'DomainName'] },
        }),
      })
  })
})
