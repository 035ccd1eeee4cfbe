/** What AWS asks for something, in USD. */
export type Price = { usd: number; per: string }

/**
 * Public list prices of eu-central-1 as known in 2025, written down from memory without looking them up: no price of AWS was
 * reachable from where this was written. Check them before you rely on a sum: https://calculator.aws
 */
export const PRICES = {
  'fargate.cpu': { usd: 0.04656, per: 'vCPU hour' },
  'fargate.memory': { usd: 0.00511, per: 'GB hour' },
  'ec2.t3.small': { usd: 0.024, per: 'hour' },
  'ec2.t3.medium': { usd: 0.048, per: 'hour' },
  'ec2.c7i.large': { usd: 0.1019, per: 'hour' },
  'ec2.t3.nano': { usd: 0.006, per: 'hour' },
  'ebs.gp3': { usd: 0.0952, per: 'GB' },
  'rds.t4g.micro': { usd: 0.019, per: 'hour' },
  'rds.t4g.medium': { usd: 0.076, per: 'hour' },
  'rds.m7g.large': { usd: 0.201, per: 'hour' },
  'rds.storage': { usd: 0.137, per: 'GB' },
  'cache.t4g.micro': { usd: 0.0152, per: 'hour' },
  'cache.t4g.small': { usd: 0.0304, per: 'hour' },
  'loadBalancer.hour': { usd: 0.027, per: 'hour' },
  'loadBalancer.capacity': { usd: 0.008, per: 'unit hour' },
  'nat.hour': { usd: 0.052, per: 'hour' },
  'nat.traffic': { usd: 0.052, per: 'GB' },
  'endpoint.hour': { usd: 0.012, per: 'hour' },
  'address.hour': { usd: 0.005, per: 'hour' },
  'internet.traffic': { usd: 0.09, per: 'GB' },
  'cloudFront.traffic': { usd: 0.085, per: 'GB' },
  'cloudFront.requests': { usd: 1.2, per: 'million' },
  'firewall.list': { usd: 5, per: 'list' },
  'firewall.rule': { usd: 1, per: 'rule' },
  'firewall.requests': { usd: 0.6, per: 'million' },
  'key.month': { usd: 1, per: 'key' },
  'secret.month': { usd: 0.4, per: 'secret' },
  'logs.written': { usd: 0.63, per: 'GB' },
  'logs.kept': { usd: 0.0324, per: 'GB' },
  'metric.month': { usd: 0.3, per: 'metric' },
  'alarm.month': { usd: 0.1, per: 'alarm' },
  'dashboard.month': { usd: 3, per: 'dashboard' },
  's3.kept': { usd: 0.0245, per: 'GB' },
  'images.kept': { usd: 0.1, per: 'GB' },
  'backup.kept': { usd: 0.103, per: 'GB' },
  'backup.copied': { usd: 0.02, per: 'GB' },
  'backup.restoreTest': { usd: 1.5, per: 'test' },
} satisfies Record<string, Price>

export type PriceName = keyof typeof PRICES

/** What is paid for capacity that may be taken away, as a part of the price above. It moves with demand. */
export const SPOT_PART = { fargate: 0.3, ec2: 0.4 }

/** @throws {Error} when there is no such price: add it to the list */
export function priceNamed(name: string): PriceName {
  if (!(name in PRICES)) throw new Error(`deploy/aws/costs/prices.ts has no price ${name}`)
  return name as PriceName
}
