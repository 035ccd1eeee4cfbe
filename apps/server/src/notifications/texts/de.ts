import type { MailTexts } from './mail-texts.ts'

export const de: MailTexts = {
  customer: {
    'booking.requested': {
      subject: 'Angefragt: {service}, {time}',
      title: 'Wir haben Ihre Anfrage',
      lead: 'Guten Tag {customer}, {organization} sagt Ihnen Bescheid, ob diese Zeit passt.',
    },
    'booking.declined': {
      subject: 'Nicht möglich: {service}, {time}',
      title: 'Ihre Anfrage konnte nicht erfüllt werden',
      lead: 'Guten Tag {customer}, {organization} kann Ihnen diesen Termin nicht anbieten.',
    },
    'booking.reassigned': {
      subject: 'Jetzt bei {provider}: {service}, {time}',
      title: 'Jemand anders ist für Sie da',
      lead: 'Guten Tag {customer}, Ihr Termin bei {organization} ist jetzt bei {provider}. Die Zeit bleibt gleich.',
    },
    'booking.confirmation': {
      subject: 'Gebucht: {service}, {time}',
      title: 'Ihr Termin ist gebucht',
      lead: 'Guten Tag {customer}, {organization} freut sich auf Sie.',
    },
    'booking.rescheduled': {
      subject: 'Verlegt: {service}, {time}',
      title: 'Ihr Termin wurde verlegt',
      lead: 'Guten Tag {customer}, Ihr Termin bei {organization} hat eine neue Zeit.',
    },
    'booking.changed': {
      subject: 'Geändert: {service}, {time}',
      title: 'Ihr Termin wurde geändert',
      lead: 'Hallo {customer}, Ihr Termin bei {organization} ist jetzt für so viele Personen: {seats}.',
    },
    'booking.cancelled': {
      subject: 'Abgesagt: {service}, {time}',
      title: 'Ihr Termin ist abgesagt',
      lead: 'Guten Tag {customer}, Ihr Termin bei {organization} findet nicht statt.',
    },
  },
  provider: {
    'booking.requested': {
      subject: 'Anfrage: {service} für {customer}, {time}',
      title: 'Jemand fragt nach einem Termin',
      lead: '{customer} fragt nach einem Termin bei {provider}. Bestätigen Sie ihn oder lehnen Sie ihn ab.',
    },
    'booking.declined': {
      subject: 'Abgelehnt: {service} für {customer}, {time}',
      title: 'Anfrage abgelehnt',
      lead: 'Die Anfrage von {customer} wurde abgelehnt, oder niemand hat rechtzeitig entschieden.',
    },
    'booking.reassigned': {
      subject: 'Jetzt bei Ihnen: {service} mit {customer}, {time}',
      title: 'Ein Termin ist jetzt bei Ihnen',
      lead: 'Der Termin von {customer} ist jetzt bei {provider}.',
    },
    'booking.confirmation': {
      subject: 'Neu: {service} mit {customer}, {time}',
      title: 'Neuer Termin',
      lead: '{customer} hat einen Termin bei {provider}.',
    },
    'booking.rescheduled': {
      subject: 'Verlegt: {service} mit {customer}, {time}',
      title: 'Termin verlegt',
      lead: 'Der Termin von {customer} bei {provider} hat eine neue Zeit.',
    },
    'booking.changed': {
      subject: 'Geändert: {service} mit {customer}, {time}',
      title: 'Termin geändert',
      lead: 'Der Termin von {customer} bei {provider} ist jetzt für so viele Personen: {seats}.',
    },
    'booking.cancelled': {
      subject: 'Abgesagt: {service} mit {customer}, {time}',
      title: 'Termin abgesagt',
      lead: 'Der Termin von {customer} bei {provider} findet nicht statt.',
    },
  },
  wish: {
    'wish.received': {
      subject: 'Auf der Warteliste: {service}',
      title: 'Sie stehen auf der Warteliste',
      lead: 'Guten Tag {customer}, sobald eine passende Zeit frei wird, hält {organization} sie kurz für Sie frei und schreibt Ihnen.',
    },
    'wish.offered': {
      subject: 'Frei für Sie: {service}, {time}',
      title: 'Eine Zeit ist frei geworden',
      lead: 'Guten Tag {customer}, {organization} hält diese Zeit bis {until} für Sie frei. Nehmen Sie sie vorher an, sonst wird jemand anders gefragt.',
    },
  },
  earlier: {
    'wish.received': {
      subject: 'Auf der Liste für eine frühere Zeit: {service}',
      title: 'Sie wünschen eine frühere Zeit',
      lead: 'Guten Tag {customer}, sobald eine passende frühere Zeit frei wird, hält {organization} sie kurz für Sie frei und schreibt Ihnen. Ihr Termin bleibt, wie er ist.',
    },
    'wish.offered': {
      subject: 'Früher, wenn Sie mögen: {service}, {time}',
      title: 'Eine frühere Zeit ist frei geworden',
      lead: 'Guten Tag {customer}, {organization} hält diese Zeit bis {until} für Sie frei. Nehmen Sie sie vorher an, wird Ihr Termin verlegt; sonst bleibt er, wie er ist.',
    },
  },
  account: {
    'account.link': {
      subject: 'Ihr Konto bei {site} anlegen',
      title: 'Legen Sie Ihr Konto an',
      lead: 'Jemand, hoffentlich Sie, möchte mit dieser Adresse ein Konto bei {site}. Mit diesem Link wird es angelegt; er gilt einen Tag. Falls Sie das nicht waren, tun Sie nichts.',
      action: 'Konto anlegen',
    },
    'account.known': {
      subject: 'Sie haben ein Konto bei {site}',
      title: 'Sie haben schon ein Konto',
      lead: 'Jemand, hoffentlich Sie, möchte mit dieser Adresse ein Konto bei {site}. Es gibt schon eines: Melden Sie sich damit an. Falls Sie das nicht waren, tun Sie nichts.',
      action: 'Anmelden',
    },
  },
  labels: {
    what: 'Was',
    when: 'Wann',
    before: 'Bisher',
    also: 'Außerdem',
    with: 'Bei',
    where: 'Wo',
    price: 'Preis',
    seats: 'Plätze',
    customer: 'Kunde',
    reason: 'Grund',
  },
  wishLabels: { days: 'Tage', until: 'Frei gehalten bis' },
  wait: 'Ansehen oder zurückziehen',
  take: 'Angebot ansehen und annehmen',
  change: 'Ändern oder absagen',
  open: 'Im Kalender öffnen',
  decide: 'Bestätigen oder ablehnen',
  footer: 'Gesendet von {organization} mit Slotkeeper.',
}
