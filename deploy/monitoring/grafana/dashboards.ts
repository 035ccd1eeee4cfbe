/** One curve or number of a panel: PromQL, and what its legend says. */
export type Query = { expr: string; legend?: string }

export type Panel = {
  title: string
  /** of the vertical axis, as Grafana calls it */
  unit: 'reqps' | 'percentunit' | 's' | 'short' | 'bytes' | 'none' | 'cps'
  /** a number instead of curves */
  stat?: true
  queries: Query[]
}

export type Dashboard = { uid: string; title: string; panels: Panel[] }

const rate = (metric: string, labels = '') => `rate(${metric}${labels}[$__rate_interval])`
const grown = (metric: string, labels = '') => `increase(${metric}${labels}[$__range])`
const quantile = (q: number, metric: string, by = '') =>
  `histogram_quantile(${q}, sum by (le${by && `, ${by}`}) (${rate(`${metric}_bucket`)}))`

const REQUESTS = 'slotkeeper_http_requests_total'
const DURATION = 'slotkeeper_http_request_duration_seconds'
const changes = (action: string) => `sum(${grown('slotkeeper_changes_total', `{action="${action}"}`)}) or vector(0)`

/** What visitors get: rate, errors, duration. */
const SERVICE: Dashboard = {
  uid: 'slotkeeper-service',
  title: 'Service',
  panels: [
    {
      title: 'Requests',
      unit: 'reqps',
      queries: [{ expr: `sum by (status) (${rate(REQUESTS)})`, legend: '{{status}}' }],
    },
    {
      title: 'Failures of ours',
      unit: 'percentunit',
      queries: [{ expr: `sum(${rate(REQUESTS, '{status=~"5.."}')}) / sum(${rate(REQUESTS)})`, legend: '5xx' }],
    },
    {
      title: 'Duration of requests',
      unit: 's',
      queries: [0.5, 0.95, 0.99].map((q) => ({ expr: quantile(q, DURATION), legend: `p${q * 100}` })),
    },
    {
      title: 'The slowest routes (p95)',
      unit: 's',
      queries: [{ expr: `topk(8, ${quantile(0.95, DURATION, 'route')})`, legend: '{{route}}' }],
    },
    {
      title: 'The busiest routes',
      unit: 'reqps',
      queries: [{ expr: `topk(8, sum by (route) (${rate(REQUESTS)}))`, legend: '{{route}}' }],
    },
    {
      title: 'Refused or limited',
      unit: 'reqps',
      queries: [{ expr: `sum by (status) (${rate(REQUESTS, '{status=~"4.."}')})`, legend: '{{status}}' }],
    },
    {
      title: 'Being answered',
      unit: 'short',
      queries: [{ expr: 'sum by (instance) (slotkeeper_http_requests_in_flight)', legend: '{{instance}}' }],
    },
    {
      title: 'Free times from memory',
      unit: 'percentunit',
      queries: [
        {
          expr: `sum(${rate('slotkeeper_slot_answers_total', '{outcome="hit"}')}) / sum(${rate('slotkeeper_slot_answers_total')})`,
          legend: 'hit rate',
        },
      ],
    },
    {
      title: 'Requests with an Idempotency-Key',
      unit: 'reqps',
      queries: [{ expr: `sum by (outcome) (${rate('slotkeeper_idempotent_requests_total')})`, legend: '{{outcome}}' }],
    },
  ],
}

/** What the business did. */
const BUSINESS: Dashboard = {
  uid: 'slotkeeper-business',
  title: 'Business',
  panels: [
    ...[
      ['Booked', `sum(${grown('slotkeeper_bookings_made_total')})`],
      ['Cancelled', changes('booking.cancelled')],
      ['Completed', changes('booking.completed')],
      ['Missed', changes('booking.no_show')],
    ].map(([title = '', expr = '']): Panel => ({ title, unit: 'short', stat: true, queries: [{ expr }] })),
    {
      title: 'Bookings made',
      unit: 'cps',
      queries: [
        { expr: `sum by (state, source) (${rate('slotkeeper_bookings_made_total')})`, legend: '{{state}}, {{source}}' },
      ],
    },
    {
      title: 'What happens to bookings',
      unit: 'cps',
      queries: [
        {
          expr: `sum by (action) (${rate('slotkeeper_changes_total', '{action=~"booking.*"}')})`,
          legend: '{{action}}',
        },
      ],
    },
    {
      title: 'How long before they are booked',
      unit: 's',
      queries: [0.5, 0.9].map((q) => ({ expr: quantile(q, 'slotkeeper_booking_lead_seconds'), legend: `p${q * 100}` })),
    },
    {
      title: 'Worth of what was booked, in the smallest unit of its currency',
      unit: 'short',
      queries: [
        { expr: `sum by (currency) (${grown('slotkeeper_booked_value_minor_total')})`, legend: '{{currency}}' },
      ],
    },
    {
      title: 'Appointments to come',
      unit: 'short',
      queries: [{ expr: 'max by (state) (slotkeeper_bookings_to_come)', legend: '{{state}}' }],
    },
    {
      title: 'What became of the appointments of the last 30 days',
      unit: 'short',
      queries: [{ expr: 'max by (state) (slotkeeper_bookings_of_30_days)', legend: '{{state}}' }],
    },
    {
      title: 'Who waits, and messages that were not sent',
      unit: 'short',
      queries: [
        { expr: 'max by (state) (slotkeeper_wishes_open)', legend: 'wishes, {{state}}' },
        { expr: 'max by (state) (slotkeeper_messages_unsent)', legend: 'messages, {{state}}' },
        { expr: 'max(slotkeeper_organizations)', legend: 'businesses' },
      ],
    },
    {
      title: 'Waiting list',
      unit: 'cps',
      queries: [
        { expr: `sum by (action) (${rate('slotkeeper_changes_total', '{action=~"wish.*"}')})`, legend: '{{action}}' },
      ],
    },
    {
      title: 'Messages',
      unit: 'cps',
      queries: [{ expr: `sum by (state) (${rate('slotkeeper_messages_total')})`, legend: '{{state}}' }],
    },
  ],
}

/** What it runs on: processes, database, queue, disks. */
const PLATFORM: Dashboard = {
  uid: 'slotkeeper-platform',
  title: 'Platform',
  panels: [
    {
      title: 'Event loop, how full',
      unit: 'percentunit',
      queries: [{ expr: 'slotkeeper_event_loop_utilization_ratio', legend: '{{instance}}' }],
    },
    {
      title: 'Event loop, lag (p99)',
      unit: 's',
      queries: [{ expr: 'nodejs_eventloop_lag_p99_seconds', legend: '{{instance}}' }],
    },
    {
      title: 'Memory',
      unit: 'bytes',
      queries: [
        { expr: 'process_resident_memory_bytes{job=~"slotkeeper-.*"}', legend: '{{instance}}' },
        { expr: 'nodejs_heap_size_used_bytes', legend: '{{instance}}, heap' },
      ],
    },
    {
      title: 'Garbage collection',
      unit: 'percentunit',
      queries: [{ expr: `sum by (instance) (${rate('nodejs_gc_duration_seconds_sum')})`, legend: '{{instance}}' }],
    },
    {
      title: 'Connections to the database',
      unit: 'short',
      queries: [
        { expr: 'sum by (pool) (slotkeeper_pool_connections)', legend: '{{pool}}, open' },
        { expr: 'sum by (pool) (slotkeeper_pool_idle_connections)', legend: '{{pool}}, idle' },
        { expr: 'sum by (pool) (slotkeeper_pool_waiting)', legend: '{{pool}}, waited for' },
        { expr: 'sum by (pool) (slotkeeper_pool_connections_max)', legend: '{{pool}}, at most' },
      ],
    },
    {
      title: 'Read replica',
      unit: 'short',
      queries: [
        { expr: 'max(slotkeeper_replica_lag_seconds)', legend: 'seconds behind' },
        { expr: `sum by (outcome) (${rate('slotkeeper_replica_reads_total')})`, legend: '{{outcome}} in a second' },
      ],
    },
    {
      title: 'Jobs waiting',
      unit: 'short',
      queries: [
        { expr: 'max by (kind) (slotkeeper_queue_ready_jobs)', legend: '{{kind}}' },
        { expr: 'sum(max by (kind) (slotkeeper_queue_running_jobs))', legend: 'being done' },
        { expr: 'sum(max by (kind) (slotkeeper_queue_failed_jobs))', legend: 'given up' },
      ],
    },
    {
      title: 'The oldest job',
      unit: 's',
      queries: [{ expr: 'max by (kind) (slotkeeper_queue_oldest_seconds)', legend: '{{kind}}' }],
    },
    {
      title: 'Duration of jobs (p95)',
      unit: 's',
      queries: [{ expr: quantile(0.95, 'slotkeeper_job_duration_seconds', 'kind'), legend: '{{kind}}' }],
    },
    {
      title: 'Jobs that failed',
      unit: 'cps',
      queries: [
        {
          expr: `sum by (kind, outcome) (${rate('slotkeeper_job_duration_seconds_count', '{outcome!="done"}')})`,
          legend: '{{kind}}, {{outcome}}',
        },
      ],
    },
    {
      title: 'Since jobs were last done',
      unit: 's',
      queries: [{ expr: 'time() - max by (kind) (slotkeeper_job_last_done_timestamp_seconds)', legend: '{{kind}}' }],
    },
    {
      title: 'Kept in memory for free times',
      unit: 'short',
      queries: [
        { expr: 'sum by (instance) (slotkeeper_availability_answer_characters)', legend: '{{instance}}, characters' },
        { expr: 'sum by (instance) (slotkeeper_availability_services)', legend: '{{instance}}, services' },
        { expr: 'sum by (instance) (slotkeeper_availability_claims)', legend: '{{instance}}, claims' },
      ],
    },
    {
      title: 'Disks, room left',
      unit: 'percentunit',
      queries: [
        {
          expr: 'node_filesystem_avail_bytes{fstype!~"tmpfs|overlay"} / node_filesystem_size_bytes{fstype!~"tmpfs|overlay"}',
          legend: '{{mountpoint}}',
        },
      ],
    },
    {
      title: 'Age of the newest backup, and life of the certificate',
      unit: 's',
      queries: [
        { expr: 'max(slotkeeper_backup_age_seconds)', legend: 'backup' },
        { expr: 'min(probe_ssl_earliest_cert_expiry) - time()', legend: 'certificate' },
      ],
    },
  ],
}

export const DASHBOARDS = [SERVICE, BUSINESS, PLATFORM]

const WIDTH = 24
const SIZES = { stat: { w: 6, h: 5 }, timeseries: { w: 12, h: 8 } }

/** The dashboard as Grafana reads it. */
export function toGrafana({ uid, title, panels }: Dashboard): object {
  const datasource = { type: 'prometheus', uid: 'prometheus' }
  let [x, y, rowHeight] = [0, 0, 0]
  const placed = panels.map(({ title: name, unit, stat, queries }, index) => {
    const type = stat ? 'stat' : 'timeseries'
    const { w, h } = SIZES[type]
    if (x + w > WIDTH) [x, y, rowHeight] = [0, y + rowHeight, 0]
    const gridPos = { x, y, w, h }
    ;[x, rowHeight] = [x + w, Math.max(rowHeight, h)]
    return {
      ...{ id: index + 1, title: name, type, datasource, gridPos },
      fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
      targets: queries.map(({ expr, legend }, at) => ({
        ...{ refId: String.fromCharCode('A'.charCodeAt(0) + at), datasource, expr },
        ...(legend !== undefined && { legendFormat: legend }),
      })),
    }
  })
  return {
    ...{ uid, title: `Slotkeeper: ${title}`, tags: ['slotkeeper'], schemaVersion: 39, version: 1 },
    ...{ editable: false, refresh: '30s', time: { from: 'now-6h', to: 'now' }, timezone: 'browser' },
    panels: placed,
  }
}
