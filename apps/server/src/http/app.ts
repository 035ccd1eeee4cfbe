import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import Fastify, { LogController, type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { Redis } from 'ioredis'
import { apiKeyRoutes } from '../api-keys/api-keys.routes.ts'
import { auditRoutes } from '../audit/audit.routes.ts'
import type { Auth } from '../auth/auth.service.ts'
import { authRoutes } from '../auth/auth.routes.ts'
import { availabilityRoutes } from '../availability/availability.routes.ts'
import { Availability } from '../availability/availability.service.ts'
import { bookingRoutes } from '../bookings/bookings.routes.ts'
import { SharedWrites } from '../bookings/shared-writes.ts'
import { createLinkSigners } from '../shared/link-token.ts'
import type { Config } from '../config/config.ts'
import { customerRoutes } from '../customers/customers.routes.ts'
import type { Database } from '../db/database.ts'
import { holidayRoutes } from '../holidays/holidays.routes.ts'
import type { MaintenanceWatch } from '../maintenance/maintenance.service.ts'
import { locationRoutes } from '../locations/locations.routes.ts'
import { memberRoutes } from '../members/members.routes.ts'
import { messageRoutes } from '../notifications/notifications.routes.ts'
import { organizationRoutes } from '../organizations/organizations.routes.ts'
import { providerRoutes } from '../providers/providers.routes.ts'
import { impactRoutes } from '../impact/impact.routes.ts'
import { resourceRoutes } from '../resources/resources.routes.ts'
import { scheduleRoutes } from '../schedules/schedules.routes.ts'
import { serviceRoutes } from '../services/services.routes.ts'
import { timeOffRoutes } from '../time-off/time-off.routes.ts'
import { waitingListRoutes } from '../waiting-list/waiting-list.routes.ts'
import { AppError } from '../shared/app-error.ts'
import type { Clock } from '../shared/clock.ts'
import { newSecretId } from '../shared/id.ts'
import { registerAccess } from './access.ts'
import { closeForMaintenance } from './closed.ts'
import { apiHeaders } from './headers.ts'
import { healthRoutes, type Draining } from './health.routes.ts'
import { openApi } from './open-api.ts'
import { sendProblem } from './problems.ts'
import { responseSerializer } from './serializer.ts'
import { requestValidator } from './validator.ts'
import { closeStaging } from './staging-access.ts'
import { refuseUnstorableText } from './storable-text.ts'
import { watchMemory } from './watch-memory.ts'
import { tellUnreadable, watchRequests } from './watch-requests.ts'

declare module 'fastify' {
  interface FastifyRequest {
    arrivedMs: number
  }
}

export type AppDeps = {
  config: Config
  db: Database
  clock: Clock
  auth: Auth
  redis: Redis | undefined
  state: Draining
  maintenance: MaintenanceWatch
  logger: FastifyServerOptions['loggerInstance']
}

/** The largest body that any operation takes. */
const BODY_LIMIT_BYTES = 256 * 1024

/** A request has come to its end within this. The largest body takes 10 s at 200 kbit/s. */
const REQUEST_TIMEOUT_MS = 30_000
/** Its headers have come within this. */
const HEADERS_TIMEOUT_MS = 15_000
/** How often connections are looked through for those that are late. */
const CHECK_CONNECTIONS_MS = 5_000

/** A visitor's requests in a minute, over all of the API. */
const REQUESTS_PER_MINUTE = 600

/** The whole HTTP side, without the pages and without a socket. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { config, redis, logger, clock } = deps
  const setHeaders = apiHeaders(config)
  const app = Fastify({
    ...(logger && { loggerInstance: logger }),
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: (_address, hop) => hop < config.trustProxy,
    genReqId: () => newSecretId(),
    requestIdHeader: false,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    forceCloseConnections: 'idle',
    // Who sends slower than this waits for nobody, also where no proxy stands in front.
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: CHECK_CONNECTIONS_MS },
    // Whoever asks over a connection that was kept is answered, also while the process ends.
    return503OnClosing: false,
    // An address that cannot be read meets no hook.
    frameworkErrors: (error, request, reply) => {
      setHeaders(request, reply)
      void sendProblem(error, request, reply)
      tellUnreadable(request, reply)
    },
  })
  closeWhenAnswered(app)
  app.setValidatorCompiler(requestValidator)
  app.setSerializerCompiler(responseSerializer)
  app.setErrorHandler(sendProblem)
  app.setNotFoundHandler(refuseUnknown)
  watchRequests(app)
  app.decorateRequest('arrivedMs', 0)
  app.addHook('onRequest', (request, reply, done) => {
    request.arrivedMs = clock.nowMs()
    // Whoever is answered while the process is about to end comes with the next question to another one.
    if (deps.state.draining) reply.raw.shouldKeepAlive = false
    setHeaders(request, reply)
    done()
  })
  closeStaging(app, config)
  closeForMaintenance(app, deps.maintenance)
  // What the pages of other sites may send without being asked first is read nowhere.
  app.removeContentTypeParser('text/plain')
  await app.register(swagger, openApi(config.publicUrl))
  if (config.rateLimit) {
    await app.register(rateLimit, {
      max: REQUESTS_PER_MINUTE,
      timeWindow: 60_000,
      ...(redis && { redis, skipOnError: true, nameSpace: 'slotkeeper:rate:' }),
    })
  }
  registerAccess(app, deps)
  refuseUnstorableText(app)
  await app.register(healthRoutes, deps)
  await app.register(authRoutes, deps)
  await app.register((api) => apiRoutes(api, deps), { prefix: '/api/v1' })
  app.get('/api/openapi.json', { config: { access: 'public', scope: 'none' }, schema: { hide: true } }, () =>
    app.swagger(),
  )
  // Whatever else is asked of the API is answered by the API, not by a page.
  app.all('/api/*', { config: { access: 'public', scope: 'none' }, schema: { hide: true } }, refuseUnknown)
  return app
}

/** How often connections are looked through, while the process ends, for those that have their answer. */
const CLOSE_IDLE_MS = 50

/** Who is being answered while the process ends gets the answer; the connection, kept for more, then ends, too. */
function closeWhenAnswered(app: FastifyInstance): void {
  app.addHook('preClose', async () => {
    if (!app.server.listening) return
    const timer = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_MS)
    app.server.once('close', () => clearInterval(timer))
  })
}

function refuseUnknown(): never {
  throw new AppError('route.not_found', 'There is nothing at this address. The API is described at /api/docs.')
}

async function apiRoutes(api: FastifyInstance, deps: AppDeps): Promise<void> {
  const availability = new Availability(deps)
  watchMemory(api, { availability, db: deps.db })
  const booking = {
    ...deps,
    availability,
    ...createLinkSigners(deps.config),
    writes: new SharedWrites(deps),
  }
  await api.register(organizationRoutes, deps)
  await api.register(memberRoutes, deps)
  await api.register(serviceRoutes, deps)
  await api.register(availabilityRoutes, booking)
  await api.register(bookingRoutes, booking)
  await api.register(waitingListRoutes, booking)
  await api.register(providerRoutes, deps)
  await api.register(resourceRoutes, deps)
  await api.register(impactRoutes, deps)
  await api.register(locationRoutes, deps)
  await api.register(scheduleRoutes, deps)
  await api.register(holidayRoutes)
  await api.register(timeOffRoutes, deps)
  await api.register(customerRoutes, deps)
  await api.register(messageRoutes, deps)
  await api.register(apiKeyRoutes, deps)
  await api.register(auditRoutes, deps)
}
