import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import * as ec2 from 'aws-cdk-lib/aws-ec2'
import * as elasticache from 'aws-cdk-lib/aws-elasticache'
import type { Key } from 'aws-cdk-lib/aws-kms'
import * as rds from 'aws-cdk-lib/aws-rds'
import type { Construct } from 'constructs'
import { prefixOf, type EnvironmentConfig } from '../config.ts'
import { accept } from '../check/accept.ts'
import { environmentKey } from './keys.ts'
import { encryptedLogGroup } from './logs.ts'
import { CACHE_PORT, DATABASE_PORT, type NetworkStack } from './network.ts'
import { makeSecrets, rotateSecrets, type Secrets } from './secrets.ts'

const ENGINE = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_18_3 })

/** What RDS hands on to CloudWatch. */
const DATABASE_LOGS = ['postgresql', 'upgrade']
const REPLICA_LOGS = ['postgresql']

const MONITORING =
  'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole]'

/** What must not be lost: PostgreSQL, the cache beside it, and the secrets of both. */
export class DataStack extends Stack {
  readonly key: Key
  readonly database: rds.DatabaseInstance
  readonly replica: rds.DatabaseInstanceReadReplica | undefined
  readonly cache: elasticache.CfnReplicationGroup
  readonly secrets: Secrets

  constructor(
    scope: Construct,
    config: EnvironmentConfig,
    { network, ...props }: StackProps & { network: NetworkStack },
  ) {
    super(scope, `${prefixOf(config)}-data`, props)
    this.key = environmentKey(this, config, 'data')
    this.secrets = makeSecrets(this, config, this.key)
    const settings = databaseSettings(config, network, this.key)
    this.database = this.#database(config, settings)
    logsOf(this.database, prefixOf(config), DATABASE_LOGS, network.logKey)
    this.replica = config.database.replica ? this.#replica(config, settings) : undefined
    if (this.replica) logsOf(this.replica, replicaName(config), REPLICA_LOGS, network.logKey)
    rotateSecrets({ config, secrets: this.secrets, database: this.database, network })
    this.cache = this.#cache(config, network)
  }

  #parameters(id: string): rds.ParameterGroup {
    return new rds.ParameterGroup(this, id, {
      engine: ENGINE,
      parameters: {
        // Whoever does not encrypt is not let in.
        'rds.force_ssl': '1',
        log_min_duration_statement: '1000',
        log_connections: '1',
        log_disconnections: '1',
        idle_in_transaction_session_timeout: '60000',
      },
    })
  }

  #database(config: EnvironmentConfig, settings: ReturnType<typeof databaseSettings>): rds.DatabaseInstance {
    const { database } = config
    const instance = new rds.DatabaseInstance(this, 'Database', {
      ...settings,
      instanceIdentifier: prefixOf(config),
      engine: ENGINE,
      parameterGroup: this.#parameters('Parameters'),
      storageEncryptionKey: this.key,
      credentials: rds.Credentials.fromSecret(this.secrets.admin),
      allocatedStorage: database.storageGb,
      multiAz: database.multiAz,
      backupRetention: Duration.days(database.backupDays),
      preferredBackupWindow: '01:00-02:00',
      preferredMaintenanceWindow: 'sun:02:30-sun:03:30',
      deleteAutomatedBackups: false,
      cloudwatchLogsExports: DATABASE_LOGS,
    })
    accept(instance, {
      'NIST.800.53.R5-RDSInBackupPlan':
        'It is in the plan of the stack `backup`; the rule looks into its own stack only.',
      [MONITORING]: 'What RDS needs to report its load, as AWS keeps it.',
      'AwsSolutions-RDS11': 'The port is no secret: only the security group of the application reaches it.',
      ...(!database.multiAz && {
        'AwsSolutions-RDS3': 'dev holds nothing that matters; a second zone would double its price.',
        'NIST.800.53.R5-RDSMultiAZSupport': 'dev holds nothing that matters; a second zone would double its price.',
      }),
    })
    return instance
  }

  #replica(config: EnvironmentConfig, settings: ReturnType<typeof databaseSettings>): rds.DatabaseInstanceReadReplica {
    const replica = new rds.DatabaseInstanceReadReplica(this, 'Replica', {
      ...settings,
      instanceIdentifier: replicaName(config),
      sourceDatabaseInstance: this.database,
      parameterGroup: this.#parameters('ReplicaParameters'),
      deleteAutomatedBackups: false,
      cloudwatchLogsExports: REPLICA_LOGS,
    })
    const asPrimary = 'A replica is encrypted with the key of its primary, and must not say so itself.'
    accept(replica, {
      'AwsSolutions-RDS2': asPrimary,
      'NIST.800.53.R5-RDSStorageEncrypted': asPrimary,
      'NIST.800.53.R5-RDSInBackupPlan': 'Backups are made of its primary.',
      [MONITORING]: 'What RDS needs to report its load, as AWS keeps it.',
      'AwsSolutions-RDS3': 'A copy for reading. The primary is in two zones, and answers when the copy does not.',
      'AwsSolutions-RDS11': 'The port is no secret: only the security group of the application reaches it.',
      'NIST.800.53.R5-RDSMultiAZSupport':
        'A copy for reading. The primary is in two zones, and answers when the copy does not.',
    })
    return replica
  }

  /** Valkey, which speaks Redis: TLS only, a password, encrypted on disk. */
  #cache({ cache, ...config }: EnvironmentConfig, { vpc, groups }: NetworkStack): elasticache.CfnReplicationGroup {
    const subnets = new elasticache.CfnSubnetGroup(this, 'CacheSubnets', {
      description: 'Isolated subnets',
      subnetIds: vpc.selectSubnets({ subnetType: ec2.SubnetType.PRIVATE_ISOLATED }).subnetIds,
    })
    const hasReplica = cache.replicas > 0
    const group = new elasticache.CfnReplicationGroup(this, 'Cache', {
      replicationGroupDescription: `${prefixOf(config)}: rate limits and copies of sessions`,
      engine: 'valkey',
      engineVersion: '8.1',
      cacheNodeType: cache.node,
      numCacheClusters: cache.replicas + 1,
      automaticFailoverEnabled: hasReplica,
      multiAzEnabled: hasReplica,
      port: CACHE_PORT,
      cacheSubnetGroupName: subnets.ref,
      securityGroupIds: [groups.cache.securityGroupId],
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      authToken: this.secrets.cache.secretValue.unsafeUnwrap(),
      atRestEncryptionEnabled: true,
      kmsKeyId: this.key.keyArn,
      snapshotRetentionLimit: hasReplica ? 7 : 1,
      snapshotWindow: '02:00-03:00',
      preferredMaintenanceWindow: 'sun:03:30-sun:04:30',
      autoMinorVersionUpgrade: true,
    })
    accept(group, {
      'NIST.800.53.R5-ElastiCacheRedisClusterAutomaticBackup': 'Whatever it holds that matters is in the database too.',
      'AwsSolutions-AEC5': 'The port is no secret: only the security group of the application reaches it.',
      ...(!hasReplica && {
        'AwsSolutions-AEC4': 'dev: losing the cache loses no booking and signs nobody out.',
      }),
    })
    return group
  }
}

/**
 * The groups that RDS would otherwise make by itself when it first writes, to keep for ever and without our key. They need
 * the database's name, which is therefore given: a change that needs another database fails instead of replacing it.
 */
function logsOf(
  database: rds.DatabaseInstance | rds.DatabaseInstanceReadReplica,
  name: string,
  kinds: string[],
  key: Key,
) {
  for (const kind of kinds) {
    const group = encryptedLogGroup(database, `Logs-${kind}`, { key, name: `/aws/rds/instance/${name}/${kind}` })
    database.node.defaultChild?.node.addDependency(group)
  }
}

const replicaName = (config: EnvironmentConfig) => `${prefixOf(config)}-replica`

/** What the database and its replica have in common. */
function databaseSettings({ database }: EnvironmentConfig, { vpc, groups }: NetworkStack, key: Key) {
  return {
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    securityGroups: [groups.database],
    instanceType: new ec2.InstanceType(database.instance),
    storageType: rds.StorageType.GP3,
    maxAllocatedStorage: database.storageMaxGb,
    caCertificate: rds.CaCertificate.RDS_CA_RSA2048_G1,
    port: DATABASE_PORT,
    publiclyAccessible: false,
    autoMinorVersionUpgrade: true,
    deletionProtection: true,
    removalPolicy: RemovalPolicy.SNAPSHOT,
    iamAuthentication: true,
    enablePerformanceInsights: true,
    performanceInsightEncryptionKey: key,
    performanceInsightRetention: rds.PerformanceInsightRetention.DEFAULT,
    monitoringInterval: Duration.minutes(1),
    copyTagsToSnapshot: true,
  }
}
