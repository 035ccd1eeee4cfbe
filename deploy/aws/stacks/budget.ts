import { Stack, type StackProps } from 'aws-cdk-lib'
import * as budgets from 'aws-cdk-lib/aws-budgets'
import type { Construct } from 'constructs'
import { prefixOf, type EnvironmentConfig } from '../config.ts'

/** Percent of the month's budget: what was spent, and what the month will come to. */
const WARNINGS = [
  { notificationType: 'ACTUAL', threshold: 80 },
  { notificationType: 'ACTUAL', threshold: 100 },
  { notificationType: 'FORECASTED', threshold: 100 },
]

/** Tells people by mail what the environment costs. It counts what has the tag `environment`, once the account bills by it. */
export class BudgetStack extends Stack {
  constructor(scope: Construct, config: EnvironmentConfig, props: StackProps) {
    super(scope, `${prefixOf(config)}-budget`, props)
    const subscribers = config.alertsTo.map((address) => ({ subscriptionType: 'EMAIL', address }))
    new budgets.CfnBudget(this, 'Budget', {
      budget: {
        budgetName: prefixOf(config),
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: config.budgetUsd, unit: 'USD' },
        costFilters: { TagKeyValue: [`user:environment$${config.name}`] },
      },
      notificationsWithSubscribers: WARNINGS.map((warning) => ({
        notification: { ...warning, thresholdType: 'PERCENTAGE', comparisonOperator: 'GREATER_THAN' },
        subscribers,
      })),
    })
  }
}
