import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import * as ec2 from 'aws-cdk-lib/aws-ec2'
import type { IKey, Key } from 'aws-cdk-lib/aws-kms'
import type { DatabaseInstance } from 'aws-cdk-lib/aws-rds'
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import { EDGE_REGION, prefixOf, type EnvironmentConfig } from '../config.ts'
import { accept } from '../check/accept.ts'
import { encryptedLogGroup } from './logs.ts'
import type { NetworkStack } from './network.ts'

export type Secrets<S = secretsmanager.Secret> = {
  /** makes the users of the database, once, and exchanges their passwords */
  admin: S
  /** owns the schema and migrates it */
  owner: S
  /** as which the application works */
  app: S
  /** the cache's password */
  cache: S
  /** what the load balancer must hear from whoever asks it: only our CloudFront knows */
  origin: S
  /** SECRET_KEY, and what people enter: MAIL_USERNAME, MAIL_PASSWORD, SENTRY_DSN, SECRET_KEY_PREVIOUS */
  application: S
}

/** Passwords are letters and digits: long enough, and the same in an address as outside of it. */
const LONG = { excludePunctuation: true, passwordLength: 48 }

/** Where CloudFront's stack, in another region, finds it. */
export const originSecretName = (config: Pick<EnvironmentConfig, 'name'>) => `${prefixOf(config)}/origin`

export function makeSecrets(scope: Construct, config: EnvironmentConfig, key: Key): Secrets {
  const secret = (id: string, what: string, generate: secretsmanager.SecretStringGenerator) =>
    new secretsmanager.Secret(scope, id, {
      description: `Slotkeeper ${config.name}: ${what}`,
      encryptionKey: key,
      generateSecretString: { ...LONG, ...generate },
      removalPolicy: RemovalPolicy.RETAIN,
    })
  const user = (id: string, username: string, more = {}) =>
    secret(id, `the database user ${username}`, {
      secretStringTemplate: JSON.stringify({ username, ...more }),
      generateStringKey: 'password',
    })
  const admin = user('AdminSecret', 'slotkeeper_admin')
  const masterarn = admin.secretArn
  const secrets: Secrets = {
    admin,
    owner: user('OwnerSecret', 'slotkeeper_owner', { masterarn }),
    app: user('AppSecret', 'slotkeeper', { masterarn }),
    cache: secret('CacheSecret', 'the password of the cache', {}),
    origin: new secretsmanager.Secret(scope, 'OriginSecret', {
      secretName: originSecretName(config),
      description: `Slotkeeper ${config.name}: what CloudFront tells the load balancer`,
      encryptionKey: key,
      generateSecretString: LONG,
      replicaRegions: [{ region: EDGE_REGION }],
      removalPolicy: RemovalPolicy.RETAIN,
    }),
    application: secret('ApplicationSecret', 'SECRET_KEY and what people enter', {
      secretStringTemplate: JSON.stringify({
        MAIL_USERNAME: '',
        MAIL_PASSWORD: '',
        SENTRY_DSN: '',
        SECRET_KEY_PREVIOUS: '',
      }),
      generateStringKey: 'SECRET_KEY',
      passwordLength: 64,
    }),
  }
  const byHand =
    'Exchanged by the documented steps: a new value must reach both sides in an order that no function of AWS knows.'
  for (const one of [secrets.cache, secrets.origin, secrets.application])
    accept(one, { 'AwsSolutions-SMG4': byHand, 'NIST.800.53.R5-SecretsManagerRotationEnabled': byHand })
  return secrets
}

/**
 * Every 30 days the database's users get new passwords. The application's takes turns between two users, so that what runs
 * with the former password goes on until it is replaced, which happens every week. The others are asked for when used.
 */
export function rotateSecrets({
  config,
  secrets,
  database,
  network,
}: {
  config: EnvironmentConfig
  secrets: Secrets
  database: DatabaseInstance
  network: NetworkStack
}): void {
  const where = {
    vpc: network.vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    securityGroups: [network.groups.rotation],
    excludeCharacters: NOT_IN_ADDRESSES,
  }
  const automaticallyAfter = Duration.days(30)
  const rotate = (
    user: 'admin' | 'owner' | 'app',
    secret: secretsmanager.ISecret,
    rotation: (functionName: string) => Omit<secretsmanager.RotationScheduleOptions, 'automaticallyAfter'>,
  ) => {
    const functionName = `${prefixOf(config)}-rotate-${user}`
    const name = `/aws/lambda/${functionName}`
    const logs = encryptedLogGroup(database.stack, `Rotate-${user}-logs`, { key: network.logKey, name })
    secret.addRotationSchedule('Rotation', { automaticallyAfter, ...rotation(functionName) }).node.addDependency(logs)
  }
  const alone = (functionName: string) => secretsmanager.HostedRotation.postgreSqlSingleUser({ ...where, functionName })
  const inTurns = (functionName: string) =>
    secretsmanager.HostedRotation.postgreSqlMultiUser({ ...where, functionName, masterSecret: secrets.admin })
  // The attached secret, also of the administrator: only when it knows the database can its password be exchanged there.
  rotate('admin', database.secret ?? secrets.admin, (name) => ({ hostedRotation: alone(name) }))
  // These users are made by the first deployment: not at once.
  const later = { rotateImmediatelyOnUpdate: false }
  rotate('owner', secrets.owner.attach(database), (name) => ({ ...later, hostedRotation: alone(name) }))
  rotate('app', secrets.app.attach(database), (name) => ({ ...later, hostedRotation: inTurns(name) }))
}

/** All that would mean something else in an address. */
const NOT_IN_ADDRESSES = ` !"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~`

/** The same secrets, for another stack: it may let its roles read them, without changing anything in theirs. */
export function secretsFor(scope: Construct, secrets: Secrets, encryptionKey: IKey): Secrets<secretsmanager.ISecret> {
  const seen = (name: keyof Secrets) =>
    secretsmanager.Secret.fromSecretAttributes(scope, `Secret-${name}`, {
      secretCompleteArn: secrets[name].secretArn,
      encryptionKey,
    })
  return {
    admin: seen('admin'),
    owner: seen('owner'),
    app: seen('app'),
    cache: seen('cache'),
    origin: seen('origin'),
    application: seen('application'),
  }
}
