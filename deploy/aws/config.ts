/** How the application runs: on virtual machines (option A), or as containers without machines (option B). */
export type ApplicationOption = 'machines' | 'containers'

export const ENVIRONMENTS = ['dev', 'staging', 'production'] as const
export type EnvironmentName = (typeof ENVIRONMENTS)[number]

/** What differs between environments; what is the same in all of them stands in the stacks. */
export type EnvironmentConfig = {
  name: EnvironmentName
  /** the value of the setting ENVIRONMENT */
  purpose: 'development' | 'staging' | 'production'
  option: ApplicationOption
  region: string
  /** of the region; every subnet has one in each */
  zones: string[]
  /** where copies of backups go */
  copyRegion: string
  /** under which people reach it */
  domain: string
  hostedZone: { id: string; name: string }
  /** CloudFront's addresses, as the region's managed prefix list com.amazonaws.global.cloudfront.origin-facing */
  cloudFrontPrefixList: string
  network: {
    cidr: string
    natGateways: number
    /** ways to AWS services that stay inside the VPC; without them, the NAT gateway is the way */
    interfaceEndpoints: boolean
    /** a machine to reach the database from outside, by Session Manager alone */
    bastion: boolean
  }
  database: {
    /** without the leading `db.` */
    instance: string
    storageGb: number
    storageMaxGb: number
    multiAz: boolean
    replica: boolean
    /** how far back any moment can be brought back */
    backupDays: number
  }
  cache: { node: string; replicas: number }
  web: Capacity & { cpu: number; memoryMb: number }
  worker: Capacity & { cpu: number; memoryMb: number }
  machines: Capacity & { instance: string }
  /** cron fields in UTC: more from the morning on, fewer at night */
  workingDay: { fromHour: number; toHour: number; weekdays: string; minInDay: number }
  mail: { server: string; from: string }
  /** people who are told of alarms and of spending */
  alertsTo: string[]
  budgetUsd: number
  backup: {
    dailyDays: number
    monthlyDays: number
    /** nobody, not even the account's root, deletes a backup earlier; compliance mode once `graceDays` are over */
    lock?: { minDays: number; graceDays: number }
  }
  /** OWNER/NAME, whose workflows of the same environment may deploy */
  repository: string
  /** another environment of the same account has made GitHub known to it already: an account knows it once */
  gitHubKnown?: boolean
}

/** How many there are, and which part of those above the first may be interrupted (spot). */
type Capacity = { min: number; max: number; onDemandBase: number; spotPercent: number }

/** Application logs; the trail has years, and its own settings. */
export const LOG_DAYS = 30
export const TRAIL_YEARS = 7
/** The region of what CloudFront needs: its certificates and its firewall live there alone. */
export const EDGE_REGION = 'us-east-1'

const FRANKFURT = {
  region: 'eu-central-1',
  zones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
  copyRegion: 'eu-west-1',
  cloudFrontPrefixList: 'pl-a3a144ca',
  mail: { server: 'email-smtp.eu-central-1.amazonaws.com' },
}

const WORKDAYS = 'MON-FRI'

/** The environments. Domain, hosted zone, repository and people are examples: put your own here. */
export const CONFIGS: Record<EnvironmentName, EnvironmentConfig> = {
  dev: {
    ...FRANKFURT,
    name: 'dev',
    purpose: 'development',
    option: 'containers',
    zones: FRANKFURT.zones.slice(0, 2),
    domain: 'dev.book.example.com',
    hostedZone: { id: 'Z0000000000000DEV', name: 'book.example.com' },
    network: { cidr: '10.10.0.0/16', natGateways: 1, interfaceEndpoints: false, bastion: false },
    database: {
      instance: 't4g.micro',
      storageGb: 20,
      storageMaxGb: 50,
      multiAz: false,
      replica: false,
      backupDays: 7,
    },
    cache: { node: 'cache.t4g.micro', replicas: 0 },
    web: { cpu: 512, memoryMb: 1024, min: 1, max: 2, onDemandBase: 0, spotPercent: 100 },
    worker: { cpu: 256, memoryMb: 512, min: 1, max: 1, onDemandBase: 0, spotPercent: 100 },
    machines: { instance: 't3.small', min: 1, max: 2, onDemandBase: 0, spotPercent: 100 },
    workingDay: { fromHour: 6, toHour: 18, weekdays: WORKDAYS, minInDay: 1 },
    mail: { ...FRANKFURT.mail, from: 'bookings@dev.book.example.com' },
    alertsTo: ['operators@example.com'],
    budgetUsd: 200,
    backup: { dailyDays: 7, monthlyDays: 90 },
    repository: 'OWNER/slotkeeper',
  },
  staging: {
    ...FRANKFURT,
    name: 'staging',
    purpose: 'staging',
    option: 'containers',
    domain: 'staging.book.example.com',
    hostedZone: { id: 'Z00000000000STAGE', name: 'book.example.com' },
    network: { cidr: '10.20.0.0/16', natGateways: 1, interfaceEndpoints: false, bastion: false },
    database: {
      instance: 't4g.medium',
      storageGb: 20,
      storageMaxGb: 100,
      multiAz: true,
      replica: false,
      backupDays: 14,
    },
    cache: { node: 'cache.t4g.micro', replicas: 1 },
    web: { cpu: 1024, memoryMb: 2048, min: 2, max: 4, onDemandBase: 1, spotPercent: 75 },
    worker: { cpu: 512, memoryMb: 1024, min: 1, max: 2, onDemandBase: 0, spotPercent: 100 },
    machines: { instance: 't3.medium', min: 2, max: 4, onDemandBase: 1, spotPercent: 75 },
    workingDay: { fromHour: 6, toHour: 18, weekdays: WORKDAYS, minInDay: 2 },
    mail: { ...FRANKFURT.mail, from: 'bookings@staging.book.example.com' },
    alertsTo: ['operators@example.com'],
    budgetUsd: 450,
    backup: { dailyDays: 14, monthlyDays: 90 },
    repository: 'OWNER/slotkeeper',
  },
  production: {
    ...FRANKFURT,
    name: 'production',
    purpose: 'production',
    option: 'containers',
    domain: 'book.example.com',
    hostedZone: { id: 'Z000000000000PROD', name: 'book.example.com' },
    network: { cidr: '10.30.0.0/16', natGateways: 3, interfaceEndpoints: true, bastion: false },
    database: {
      instance: 'm7g.large',
      storageGb: 100,
      storageMaxGb: 1_000,
      multiAz: true,
      replica: true,
      backupDays: 35,
    },
    cache: { node: 'cache.t4g.small', replicas: 1 },
    web: { cpu: 1024, memoryMb: 2048, min: 3, max: 12, onDemandBase: 2, spotPercent: 50 },
    worker: { cpu: 512, memoryMb: 1024, min: 2, max: 4, onDemandBase: 1, spotPercent: 100 },
    machines: { instance: 'c7i.large', min: 3, max: 9, onDemandBase: 2, spotPercent: 50 },
    workingDay: { fromHour: 6, toHour: 18, weekdays: WORKDAYS, minInDay: 4 },
    mail: { ...FRANKFURT.mail, from: 'bookings@book.example.com' },
    alertsTo: ['operators@example.com'],
    budgetUsd: 1_500,
    backup: { dailyDays: 35, monthlyDays: 400, lock: { minDays: 30, graceDays: 7 } },
    repository: 'OWNER/slotkeeper',
  },
}

/** The name of everything of an environment begins so. */
export const prefixOf = ({ name }: Pick<EnvironmentConfig, 'name'>) => `slotkeeper-${name}`

/** The name under which CloudFront reaches the load balancer; it is in no link. */
export const originDomainOf = ({ domain }: Pick<EnvironmentConfig, 'domain'>) => `origin.${domain}`
