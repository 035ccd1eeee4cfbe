import { moneyText } from '#lib/money.ts'
import { m } from '#lib/paraglide/messages.js'
import { lengthText } from '#lib/time/format.ts'
import type { Named } from '#lib/ui/names.ts'
import { visitParams, visitPath, withPairs, type VisitPart, type VisitWish } from './visit.ts'

type Choice = { label: string; options: Named[]; value: string }

/** One service of a visit, as the form of the visit shows it. */
export type VisitPartView = {
  key: string
  slug: string
  name: string
  colour: string
  facts: string
  people: Choice
  lengths: Choice
  /** where the visit is shown without it; the last one stays */
  remove?: { href: string; text: string }
}

/** The services of a visit with what can be chosen of each. */
export function viewParts(wish: VisitWish, organization: string, locale: string): VisitPartView[] {
  const { parts } = wish
  return parts.map((part, index) => {
    const { slug, name, colour, providers, durationsMin } = part.service
    const people = providers.map((provider) => ({ value: provider.id, label: provider.name }))
    const lengths = durationsMin.map((minutes) => ({ value: String(minutes), label: lengthText(minutes, locale) }))
    const rest = { ...wish, parts: parts.filter((other) => other !== part) }
    const remove = {
      href: withPairs(visitPath(organization, rest), visitParams(rest)),
      text: m.public_visit_remove({ service: name }),
    }
    return {
      ...{ key: `${String(index)} ${slug}`, slug, name, colour, facts: factsOf(part, locale) },
      people: {
        label: m.public_provider(),
        options: people.length > 1 ? [{ value: '', label: m.public_anyone() }, ...people] : [],
        value: part.providerId ?? '',
      },
      lengths: { label: m.public_duration(), options: lengths, value: String(part.durationMin) },
      ...(parts.length > 1 && { remove }),
    }
  })
}

function factsOf({ service, durationMin }: VisitPart, locale: string): string {
  const price = service.priceMinor === 0 ? m.public_free() : moneyText(service.priceMinor, service.currency, locale)
  return `${lengthText(durationMin, locale)} · ${price}`
}
