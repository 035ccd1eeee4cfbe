import { m } from '#lib/paraglide/messages.js'
import type { IconName } from '#lib/ui/icons.ts'
import type { Rights } from './roles.ts'

export type NavigationItem = { href: string; label: string; icon: IconName; isCurrent: boolean }

/** The pages of the back office that a member may open. */
export function navigationOf(organization: string, rights: Rights, pathname: string): NavigationItem[] {
  const base = `/app/${organization}`
  const all: [path: string, label: string, icon: IconName, isOpen: boolean][] = [
    ['', m.office_nav_today(), 'today', true],
    ['/calendar', m.office_nav_calendar(), 'calendar', true],
    ['/waiting-list', m.office_nav_waiting_list(), 'waiting', true],
    ['/customers', m.office_nav_customers(), 'people', true],
    ['/services', m.office_nav_services(), 'service', true],
    ['/providers', m.office_team(), 'team', true],
    ['/schedules', m.office_nav_hours(), 'hours', true],
    ['/places', m.office_nav_places(), 'place', true],
    ['/messages', m.office_nav_messages(), 'mail', true],
    ['/activity', m.office_nav_activity(), 'activity', rights.administer],
    ['/settings', m.office_nav_settings(), 'settings', rights.administer],
  ]
  return all
    .filter(([, , , isOpen]) => isOpen)
    .map(([path, label, icon]) => {
      const href = base + path
      const isCurrent = pathname === href || (path !== '' && pathname.startsWith(`${href}/`))
      return { href, label, icon, isCurrent }
    })
}
