import { ArnFormat, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import * as backup from 'aws-cdk-lib/aws-backup'
import { Schedule } from 'aws-cdk-lib/aws-events'
import * as iam from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { prefixOf, type EnvironmentConfig } from '../config.ts'
import { accept } from '../check/accept.ts'
import type { DataStack } from './data.ts'
import { environmentKey } from './keys.ts'

/** The other region: a vault for copies, under a key of its own. */
export class CopyStack extends Stack {
  constructor(scope: Construct, config: EnvironmentConfig, props: StackProps) {
    super(scope, `${prefixOf(config)}-copies`, props)
    vault(this, config)
  }
}

/**
 * Backups of the database: every moment of the last days, one of every day and of every month, each copied into another
 * region. Once a month AWS brings the newest back for a day, to show that it can be.
 */
export class BackupStack extends Stack {
  constructor(
    scope: Construct,
    config: EnvironmentConfig,
    { data, copies, ...props }: StackProps & { data: DataStack; copies: CopyStack },
  ) {
    super(scope, `${prefixOf(config)}-backup`, props)
    this.addStackDependency(copies)
    const here = vault(this, config)
    const plan = new backup.BackupPlan(this, 'Plan', { backupPlanName: prefixOf(config), backupVault: here })
    for (const rule of this.#rules(config)) plan.addRule(rule)
    plan.addSelection('Database', {
      resources: [backup.BackupResource.fromRdsDatabaseInstance(data.database)],
      role: serviceRole(this, 'BackupRole', 'AWSBackupServiceRolePolicyForBackup'),
      disableDefaultBackupPolicy: true,
    })
    this.#testRestores(config, here, data.database.instanceArn)
  }

  /** Four hours and more after the database's own window, as the two must not meet. */
  #rules(config: EnvironmentConfig): backup.BackupPlanRule[] {
    const rule = (ruleName: string, days: number, more: backup.BackupPlanRuleProps) => {
      const deleteAfter = Duration.days(days)
      const copyActions = [{ destinationBackupVault: this.#copyVault(config, ruleName), deleteAfter }]
      return new backup.BackupPlanRule({ ruleName, deleteAfter, copyActions, ...more })
    }
    const { dailyDays, monthlyDays } = config.backup
    return [
      rule('daily', dailyDays, {
        scheduleExpression: Schedule.cron({ hour: '6', minute: '0' }),
        enableContinuousBackup: true,
      }),
      rule('monthly', monthlyDays, { scheduleExpression: Schedule.cron({ day: '1', hour: '8', minute: '0' }) }),
    ]
  }

  /** By its name: a reference cannot reach into another region. */
  #copyVault(config: EnvironmentConfig, rule: string): backup.IBackupVault {
    const arn = this.formatArn({
      service: 'backup',
      region: config.copyRegion,
      resource: 'backup-vault',
      resourceName: prefixOf(config),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })
    return backup.BackupVault.fromBackupVaultArn(this, `CopyVault-${rule}`, arn)
  }

  #testRestores(config: EnvironmentConfig, { backupVaultArn }: backup.BackupVault, databaseArn: string): void {
    // Only letters, digits and underscores are let in.
    const restoreTestingPlanName = `${prefixOf(config).replaceAll('-', '_')}_monthly`
    const plan = new backup.CfnRestoreTestingPlan(this, 'RestoreTest', {
      restoreTestingPlanName,
      scheduleExpression: 'cron(0 10 3 * ? *)',
      startWindowHours: 4,
      recoveryPointSelection: {
        algorithm: 'LATEST_WITHIN_WINDOW',
        includeVaults: [backupVaultArn],
        recoveryPointTypes: ['SNAPSHOT', 'CONTINUOUS'],
        selectionWindowDays: config.backup.dailyDays,
      },
    })
    new backup.CfnRestoreTestingSelection(this, 'RestoreTestDatabase', {
      restoreTestingPlanName,
      restoreTestingSelectionName: 'database',
      iamRoleArn: serviceRole(this, 'RestoreRole', 'AWSBackupServiceRolePolicyForRestores').roleArn,
      protectedResourceType: 'RDS',
      protectedResourceArns: [databaseArn],
      validationWindowHours: 24,
    }).addResourceDependency(plan)
  }
}

/** Nothing is deleted from it before its time; where a lock is configured, not even by those who may do everything. */
function vault(scope: Construct, config: EnvironmentConfig): backup.BackupVault {
  const { lock } = config.backup
  return new backup.BackupVault(scope, 'Vault', {
    backupVaultName: prefixOf(config),
    encryptionKey: environmentKey(scope, config, 'backups'),
    blockRecoveryPointDeletion: true,
    removalPolicy: RemovalPolicy.RETAIN,
    ...(lock && {
      lockConfiguration: {
        minRetention: Duration.days(lock.minDays),
        changeableFor: Duration.days(lock.graceDays),
      },
    }),
  })
}

function serviceRole(scope: Construct, id: string, policy: string): iam.Role {
  const role = new iam.Role(scope, id, {
    assumedBy: new iam.ServicePrincipal('backup.amazonaws.com'),
    managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName(`service-role/${policy}`)],
  })
  accept(role, {
    [`AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/${policy}]`]:
      'What AWS Backup needs for every kind of resource, as AWS keeps it.',
  })
  return role
}
