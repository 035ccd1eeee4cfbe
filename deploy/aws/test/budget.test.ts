import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { describe, test } from 'vitest'
import { CONFIGS, ENVIRONMENTS } from '../config.ts'
import { BudgetStack } from '../stacks/budget.ts'

describe.each(ENVIRONMENTS)('%s', (environment) => {
  const config = CONFIGS[environment]
  const template = Template.fromStack(new BudgetStack(new App(), config, {}))

  test('people hear of 80 and 100 % of the budget, and of a month that will go beyond it (W7)', () => {
    const warning = (NotificationType: string, Threshold: number) => ({
      Notification: { NotificationType, Threshold, ThresholdType: 'PERCENTAGE', ComparisonOperator: 'GREATER_THAN' },
      Subscribers: config.alertsTo.map((Address) => ({ SubscriptionType: 'EMAIL', Address })),
    })
    template.hasResourceProperties('AWS::Budgets::Budget', {
      NotificationsWithSubscribers: [warning('ACTUAL', 80), warning('ACTUAL', 100), warning('FORECASTED', 100)],
    })
  })

  test('the budget is one of this environment alone, for a month', () => {
    template.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: {
        BudgetType: 'COST',
        TimeUnit: 'MONTHLY',
        BudgetLimit: { Amount: { dev: 200, staging: 450, production: 1_500 }[environment], Unit: 'USD' },
        CostFilters: { TagKeyValue: [`user:environment$${environment}`] },
      },
    })
  })
})
