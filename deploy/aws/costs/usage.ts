import type { EnvironmentName } from '../config.ts'

/** What an environment is taken to be used for in a month: the part of its costs that no template tells. */
export type Usage = {
  requestsMillion: number
  /** to visitors */
  trafficGb: number
  /** through the NAT gateways: to mail servers, calendars, webhooks, and to AWS where there are no endpoints */
  natGb: number
  /** of all log groups together */
  logsGb: number
  /** backups hold what is in the database, not the size of its disk */
  databaseGb: number
  imagesGb: number
  /** static files, access logs and the exported trail */
  filesGb: number
}

export const USAGE: Record<EnvironmentName, Usage> = {
  dev: { requestsMillion: 0.1, trafficGb: 1, natGb: 10, logsGb: 2, databaseGb: 2, imagesGb: 5, filesGb: 2 },
  staging: { requestsMillion: 0.5, trafficGb: 5, natGb: 20, logsGb: 5, databaseGb: 5, imagesGb: 10, filesGb: 5 },
  production: {
    requestsMillion: 10,
    trafficGb: 100,
    natGb: 100,
    logsGb: 50,
    databaseGb: 60,
    imagesGb: 15,
    filesGb: 50,
  },
}
