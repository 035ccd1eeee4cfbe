import { ArnFormat, Stack } from 'aws-cdk-lib'
import * as wafv2 from 'aws-cdk-lib/aws-wafv2'
import type { Construct } from 'constructs'
import { prefixOf, type EnvironmentConfig } from '../config.ts'
import { environmentKey } from './keys.ts'
import { encryptedLogGroup, letLogsUse } from './logs.ts'

/** Requests of one address in five minutes. A whole office behind one address stays below; the product has finer limits. */
export const REQUESTS_PER_ADDRESS = 3_000

/** Rules that AWS keeps up to date, and those of them that only count, as the product decides about it itself. */
const MANAGED_RULES: { name: string; onlyCount?: string[] }[] = [
  { name: 'AWSManagedRulesAmazonIpReputationList' },
  // Imports and pictures are larger than 8 kB; the product limits bodies by route.
  { name: 'AWSManagedRulesCommonRuleSet', onlyCount: ['SizeRestrictions_BODY'] },
  { name: 'AWSManagedRulesKnownBadInputsRuleSet' },
  { name: 'AWSManagedRulesSQLiRuleSet' },
]

/** The firewall of CloudFront: must be in EDGE_REGION. It logs without cookies and credentials. */
export function addFirewall(scope: Construct, config: EnvironmentConfig): wafv2.CfnWebACL {
  const firewall = new wafv2.CfnWebACL(scope, 'Firewall', {
    name: prefixOf(config),
    scope: 'CLOUDFRONT',
    defaultAction: { allow: {} },
    visibilityConfig: visible('firewall'),
    rules: [rateRule(), ...MANAGED_RULES.map(({ name, onlyCount }, index) => managedRule(name, index + 1, onlyCount))],
  })
  logRequests(scope, config, firewall)
  return firewall
}

function rateRule(): wafv2.CfnWebACL.RuleProperty {
  return {
    name: 'rate',
    priority: 0,
    action: { block: { customResponse: { responseCode: 429 } } },
    statement: {
      rateBasedStatement: { aggregateKeyType: 'IP', limit: REQUESTS_PER_ADDRESS, evaluationWindowSec: 300 },
    },
    visibilityConfig: visible('rate'),
  }
}

function managedRule(name: string, priority: number, onlyCount: string[] = []): wafv2.CfnWebACL.RuleProperty {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides: onlyCount.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
    visibilityConfig: visible(name),
  }
}

const visible = (metricName: string) => ({
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
  metricName,
})

function logRequests(scope: Construct, config: EnvironmentConfig, firewall: wafv2.CfnWebACL): void {
  const key = environmentKey(scope, config, 'firewall')
  letLogsUse(key)
  // The firewall writes only to groups whose name begins so, and takes their ARN without the `:*` that groups give.
  const logGroup = encryptedLogGroup(scope, 'FirewallLogs', { key, name: `aws-waf-logs-${prefixOf(config)}` })
  const arn = Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: logGroup.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
  new wafv2.CfnLoggingConfiguration(scope, 'FirewallLogging', {
    resourceArn: firewall.attrArn,
    logDestinationConfigs: [arn],
    redactedFields: ['cookie', 'authorization'].map((name) => ({ singleHeader: { Name: name } })),
    loggingFilter: {
      DefaultBehavior: 'DROP',
      Filters: [
        {
          Behavior: 'KEEP',
          Requirement: 'MEETS_ANY',
          Conditions: [{ ActionCondition: { Action: 'BLOCK' } }, { ActionCondition: { Action: 'COUNT' } }],
        },
      ],
    },
  })
}
