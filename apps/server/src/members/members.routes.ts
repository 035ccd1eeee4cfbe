import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Auth } from '../auth/auth.service.ts'
import type { Database } from '../db/database.ts'
import { MeView } from '../organizations/organizations.schemas.ts'
import { AppError } from '../shared/app-error.ts'
import { problemResponses } from '../shared/schemas.ts'
import { membershipsOf } from './members.service.ts'

export const memberRoutes: FastifyPluginAsyncTypebox<{ db: Database; auth: Auth }> = async (app, { db, auth }) => {
  app.get(
    '/me',
    {
      config: { access: 'user', scope: 'none' },
      schema: {
        operationId: 'getMe',
        summary: 'Who is signed in, and where they belong',
        tags: ['Organizations'],
        security: [{ session: [] }],
        response: { 200: MeView, ...problemResponses },
      },
    },
    async (request) => {
      const signedIn = await auth.sessionOf(new Headers({ cookie: request.headers.cookie ?? '' }))
      if (!signedIn) throw new AppError('auth.required', 'Sign in to do this.')
      const { userId, name, email } = signedIn
      return { id: userId, name, email, memberships: await membershipsOf(db, userId) }
    },
  )
}
