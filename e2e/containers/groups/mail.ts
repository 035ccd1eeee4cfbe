import assert from 'node:assert/strict'
import { findFreePort } from '../../../apps/server/src/local/free-port.ts'
import { createBusiness } from '../../stack/business.ts'
import { linkBy } from '../../stack/sign-up.ts'
import { bookerOf } from '../harness/bookings.ts'
import { docker } from '../harness/command.ts'
import type { Group } from '../harness/group.ts'
import { inspect, startInstallation } from '../harness/installation.ts'
import { mailsIn } from '../harness/mails.ts'
import { until } from '../harness/until.ts'
import { trust } from '../harness/visitor.ts'

export const mail: Group = {
  name: 'mail',
  about: 'the profile mail: an inbox for staging that takes every mail and delivers none',
  async run({ check, image }) {
    const built = await image()
    const port = await findFreePort(41_000, '127.0.0.1')
    await using stack = new AsyncDisposableStack()
    stack.defer(async () => {
      await docker('image', 'rm', '--force', `${built.name}-mail:${built.version}`)
    })
    await using installation = await startInstallation({
      image: built,
      settings: {
        ...{ COMPOSE_PROFILES: 'mail', ENVIRONMENT: 'staging', MAIL_INBOX_PORT: String(port) },
        ...{ MAIL_SERVER: 'mail', MAIL_PORT: '1025', MAIL_USERNAME: '', MAIL_PASSWORD: '' },
        ...{ MAIL_INBOX_IMAGE: `${built.name}-mail`, MAIL_INBOX_VERSION: built.version },
      },
    })
    trust(installation)
    const business = await createBusiness(installation.url, {
      slug: 'mailed',
      providers: 1,
      linkFor: linkBy(installation),
    })

    await check('what a customer is sent lies in the inbox, and can be read from this machine', async () => {
      await bookerOf(installation, business)(1)
      await until(async () => (await mailsIn(port)).some(({ to }) => to.includes('customer0@example.com')))
    })
    const [inbox] = await inspect(await installation.containersOf('mail'))
    assert.ok(inbox)
    await check('nobody else reaches it', () => {
      const open = Object.values(inbox.HostConfig.PortBindings ?? {})
      assert.deepEqual(open, [[{ HostIp: '127.0.0.1', HostPort: String(port) }]])
      return Promise.resolve()
    })
    await check('it may do no more than it must', () => {
      const { Privileged, ReadonlyRootfs, CapDrop, SecurityOpt, Memory } = inbox.HostConfig
      assert.deepEqual([Privileged, ReadonlyRootfs, CapDrop], [false, true, ['ALL']])
      assert.ok(SecurityOpt?.includes('no-new-privileges:true'))
      assert.ok(Memory > 0)
      assert.equal(inbox.Config.User, 'node')
      return Promise.resolve()
    })
    await check('it is no part of the product’s image', async () => {
      const found = await docker(
        ...['run', '--rm', '--entrypoint', 'find', `${built.name}:${built.version}`, '/app'],
        ...['-ipath', '*maildev*'],
      )
      assert.equal(found, '')
    })
  },
}
