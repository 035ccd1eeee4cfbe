import { Match, Template } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { synthesised } from '../check/synthesised.ts'
import { CONFIGS, ENVIRONMENTS } from '../config.ts'

type Resource = { Properties: Record<string, unknown> }

function propertiesOf(template: Template, type: string) {
  return Object.values(template.findResources(type)).map((one) => (one as Resource).Properties)
}

describe.each(ENVIRONMENTS)('%s', async (environment) => {
  const config = CONFIGS[environment]
  const { templates, regions } = await synthesised(environment, 'containers')
  const template = (stack: string) => Template.fromJSON(templates[stack] ?? {})
  const [network, application, alerts] = [template('network'), template('application'), template('alerts')]
  const [observability, copies, backup] = [template('observability'), template('copies'), template('backup')]

  test('alerts reach the configured people, encrypted on the way and where they wait (R8)', () => {
    alerts.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() })
    expect(propertiesOf(alerts, 'AWS::SNS::Subscription').map(({ Endpoint }) => Endpoint)).toEqual(config.alertsTo)
    alerts.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      }),
    })
  })

  test('alarms and events may use the key that encrypts alerts, without which none would arrive (R8)', () => {
    for (const Service of ['cloudwatch.amazonaws.com', 'events.amazonaws.com'])
      network.hasResourceProperties('AWS::KMS::Key', {
        KeyPolicy: Match.objectLike({
          Statement: Match.arrayWith([
            Match.objectLike({
              Principal: { Service },
              Action: Match.arrayWith(['kms:Decrypt', 'kms:GenerateDataKey*']),
            }),
          ]),
        }),
      })
  })

  test('every alarm of every stack tells people when it goes off and when it is over (R8)', () => {
    const alarms = [application, observability].flatMap((one) => propertiesOf(one, 'AWS::CloudWatch::Alarm'))
    expect(alarms.length).toBeGreaterThan(8)
    for (const alarm of alarms)
      expect(alarm).toMatchObject({ AlarmActions: [expect.anything()], OKActions: [expect.anything()] })
  })

  test('what is watched: the database, its copy where there is one, the cache, the workers (R8)', () => {
    const names = propertiesOf(observability, 'AWS::CloudWatch::Alarm').map(({ AlarmName }) => AlarmName)
    const expected = ['cache-cpu', 'cache-memory', 'database-cpu', 'database-disk', 'database-queue', 'workers']
    if (config.database.replica) expected.push('replica-lag')
    expect(names.toSorted()).toEqual(expected.map((name) => `slotkeeper-${environment}-${name}`).toSorted())
  })

  test('failed backups, copies, restore tests, releases and exports tell people (R4, R8)', () => {
    const patterns = propertiesOf(observability, 'AWS::Events::Rule').map(({ EventPattern }) => EventPattern)
    expect(patterns.flatMap((one) => (one as { 'detail-type': string[] })['detail-type']).toSorted()).toEqual([
      'Backup Job State Change',
      'Copy Job State Change',
      'ECS Deployment State Change',
      'ECS Task State Change',
      'Restore Job State Change',
    ])
    observability.allResourcesProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ Arn: Match.anyValue() })],
    })
  })

  test('a dashboard shows requests, failures and every line that is watched (R8)', () => {
    const [dashboard] = propertiesOf(observability, 'AWS::CloudWatch::Dashboard')
    const body = JSON.stringify(dashboard)
    for (const shown of ['RequestCount', 'TargetResponseTime', 'HTTPCode_Target_5XX_Count', 'FreeStorageSpace'])
      expect(body).toContain(shown)
  })

  test('the database is backed up daily, any moment of the last days can be brought back, and copies go abroad (W6, R4)', () => {
    const { dailyDays, monthlyDays } = config.backup
    const copied = (DeleteAfterDays: number) => [Match.objectLike({ Lifecycle: { DeleteAfterDays } })]
    backup.hasResourceProperties('AWS::Backup::BackupPlan', {
      BackupPlan: Match.objectLike({
        BackupPlanRule: [
          Match.objectLike({
            RuleName: 'daily',
            EnableContinuousBackup: true,
            Lifecycle: { DeleteAfterDays: dailyDays },
            CopyActions: copied(dailyDays),
          }),
          Match.objectLike({
            RuleName: 'monthly',
            Lifecycle: { DeleteAfterDays: monthlyDays },
            CopyActions: copied(monthlyDays),
          }),
        ],
      }),
    })
    expect(JSON.stringify(propertiesOf(backup, 'AWS::Backup::BackupPlan'))).toContain(`:backup:${config.copyRegion}:`)
    expect(regions['copies']).toBe(config.copyRegion)
    expect(config.copyRegion).not.toBe(config.region)
  })

  test('the continuous backup and RDS agree on how far back it goes, as they keep it together (W6)', () => {
    expect(config.backup.dailyDays).toBe(config.database.backupDays)
  })

  test('both vaults are encrypted, refuse deletion, and are locked where configured (W6)', () => {
    const { lock } = config.backup
    for (const template of [backup, copies]) {
      template.hasResourceProperties('AWS::Backup::BackupVault', {
        EncryptionKeyArn: Match.anyValue(),
        AccessPolicy: Match.objectLike({ Statement: [Match.objectLike({ Effect: 'Deny' })] }),
        LockConfiguration: lock
          ? { MinRetentionDays: lock.minDays, ChangeableForDays: lock.graceDays }
          : Match.absent(),
      })
      template.allResourcesProperties('AWS::KMS::Key', { EnableKeyRotation: true })
    }
  })

  test('once a month the newest backup is brought back to show that it can be (R4)', () => {
    backup.hasResourceProperties('AWS::Backup::RestoreTestingPlan', {
      ScheduleExpression: 'cron(0 10 3 * ? *)',
      RecoveryPointSelection: Match.objectLike({ Algorithm: 'LATEST_WITHIN_WINDOW' }),
    })
    backup.hasResourceProperties('AWS::Backup::RestoreTestingSelection', {
      ProtectedResourceType: 'RDS',
      ProtectedResourceArns: [Match.anyValue()],
    })
  })
})
