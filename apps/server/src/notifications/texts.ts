import type { MessageKind } from './facts.ts'

type Heading = { subject: string; title: string; lead: string }

/** Everything that mails say. `{name}` stands for what is filled in. */
export type MailTexts = {
  customer: Record<MessageKind, Heading>
  provider: Record<MessageKind, Heading>
  labels: Record<'what' | 'when' | 'before' | 'with' | 'where' | 'price' | 'seats' | 'customer' | 'reason', string>
  change: string
  open: string
  footer: string
}

const en: MailTexts = {
  customer: {
    'booking.confirmation': {
      subject: 'Booked: {service}, {time}',
      title: 'Your appointment is booked',
      lead: 'Hello {customer}, {organization} looks forward to seeing you.',
    },
    'booking.rescheduled': {
      subject: 'Moved: {service}, {time}',
      title: 'Your appointment has moved',
      lead: 'Hello {customer}, your appointment with {organization} has a new time.',
    },
    'booking.cancelled': {
      subject: 'Cancelled: {service}, {time}',
      title: 'Your appointment is cancelled',
      lead: 'Hello {customer}, your appointment with {organization} will not take place.',
    },
  },
  provider: {
    'booking.confirmation': {
      subject: 'New: {service} with {customer}, {time}',
      title: 'New appointment',
      lead: '{customer} has an appointment with {provider}.',
    },
    'booking.rescheduled': {
      subject: 'Moved: {service} with {customer}, {time}',
      title: 'Appointment moved',
      lead: 'The appointment of {customer} with {provider} has a new time.',
    },
    'booking.cancelled': {
      subject: 'Cancelled: {service} with {customer}, {time}',
      title: 'Appointment cancelled',
      lead: 'The appointment of {customer} with {provider} will not take place.',
    },
  },
  labels: {
    what: 'What',
    when: 'When',
    before: 'Before',
    with: 'With',
    where: 'Where',
    price: 'Price',
    seats: 'Seats',
    customer: 'Customer',
    reason: 'Reason',
  },
  change: 'Change or cancel',
  open: 'Open in the calendar',
  footer: 'Sent by {organization} with Slotkeeper.',
}

const de: MailTexts = {
  customer: {
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
    'booking.cancelled': {
      subject: 'Abgesagt: {service}, {time}',
      title: 'Ihr Termin ist abgesagt',
      lead: 'Guten Tag {customer}, Ihr Termin bei {organization} findet nicht statt.',
    },
  },
  provider: {
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
    'booking.cancelled': {
      subject: 'Abgesagt: {service} mit {customer}, {time}',
      title: 'Termin abgesagt',
      lead: 'Der Termin von {customer} bei {provider} findet nicht statt.',
    },
  },
  labels: {
    what: 'Was',
    when: 'Wann',
    before: 'Bisher',
    with: 'Bei',
    where: 'Wo',
    price: 'Preis',
    seats: 'Plätze',
    customer: 'Kunde',
    reason: 'Grund',
  },
  change: 'Ändern oder absagen',
  open: 'Im Kalender öffnen',
  footer: 'Gesendet von {organization} mit Slotkeeper.',
}

const es: MailTexts = {
  customer: {
    'booking.confirmation': {
      subject: 'Reservado: {service}, {time}',
      title: 'Su cita está reservada',
      lead: 'Hola, {customer}: {organization} le espera.',
    },
    'booking.rescheduled': {
      subject: 'Cambiada: {service}, {time}',
      title: 'Su cita se ha cambiado',
      lead: 'Hola, {customer}: su cita con {organization} tiene una nueva hora.',
    },
    'booking.cancelled': {
      subject: 'Cancelada: {service}, {time}',
      title: 'Su cita está cancelada',
      lead: 'Hola, {customer}: su cita con {organization} no tendrá lugar.',
    },
  },
  provider: {
    'booking.confirmation': {
      subject: 'Nueva: {service} con {customer}, {time}',
      title: 'Nueva cita',
      lead: '{customer} tiene una cita con {provider}.',
    },
    'booking.rescheduled': {
      subject: 'Cambiada: {service} con {customer}, {time}',
      title: 'Cita cambiada',
      lead: 'La cita de {customer} con {provider} tiene una nueva hora.',
    },
    'booking.cancelled': {
      subject: 'Cancelada: {service} con {customer}, {time}',
      title: 'Cita cancelada',
      lead: 'La cita de {customer} con {provider} no tendrá lugar.',
    },
  },
  labels: {
    what: 'Qué',
    when: 'Cuándo',
    before: 'Antes',
    with: 'Con',
    where: 'Dónde',
    price: 'Precio',
    seats: 'Plazas',
    customer: 'Cliente',
    reason: 'Motivo',
  },
  change: 'Cambiar o cancelar',
  open: 'Abrir en el calendario',
  footer: 'Enviado por {organization} con Slotkeeper.',
}

const fr: MailTexts = {
  customer: {
    'booking.confirmation': {
      subject: 'Réservé : {service}, {time}',
      title: 'Votre rendez-vous est réservé',
      lead: 'Bonjour {customer}, {organization} se réjouit de vous voir.',
    },
    'booking.rescheduled': {
      subject: 'Déplacé : {service}, {time}',
      title: 'Votre rendez-vous est déplacé',
      lead: 'Bonjour {customer}, votre rendez-vous avec {organization} a un nouvel horaire.',
    },
    'booking.cancelled': {
      subject: 'Annulé : {service}, {time}',
      title: 'Votre rendez-vous est annulé',
      lead: 'Bonjour {customer}, votre rendez-vous avec {organization} n’aura pas lieu.',
    },
  },
  provider: {
    'booking.confirmation': {
      subject: 'Nouveau : {service} avec {customer}, {time}',
      title: 'Nouveau rendez-vous',
      lead: '{customer} a un rendez-vous avec {provider}.',
    },
    'booking.rescheduled': {
      subject: 'Déplacé : {service} avec {customer}, {time}',
      title: 'Rendez-vous déplacé',
      lead: 'Le rendez-vous de {customer} avec {provider} a un nouvel horaire.',
    },
    'booking.cancelled': {
      subject: 'Annulé : {service} avec {customer}, {time}',
      title: 'Rendez-vous annulé',
      lead: 'Le rendez-vous de {customer} avec {provider} n’aura pas lieu.',
    },
  },
  labels: {
    what: 'Quoi',
    when: 'Quand',
    before: 'Avant',
    with: 'Avec',
    where: 'Où',
    price: 'Prix',
    seats: 'Places',
    customer: 'Client',
    reason: 'Motif',
  },
  change: 'Modifier ou annuler',
  open: 'Ouvrir dans le calendrier',
  footer: 'Envoyé par {organization} avec Slotkeeper.',
}

const ar: MailTexts = {
  customer: {
    'booking.confirmation': {
      subject: 'تم الحجز: {service}، {time}',
      title: 'تم حجز موعدك',
      lead: 'مرحبًا {customer}، يسعد {organization} باستقبالك.',
    },
    'booking.rescheduled': {
      subject: 'تم النقل: {service}، {time}',
      title: 'تم نقل موعدك',
      lead: 'مرحبًا {customer}، أصبح لموعدك مع {organization} وقت جديد.',
    },
    'booking.cancelled': {
      subject: 'أُلغي: {service}، {time}',
      title: 'أُلغي موعدك',
      lead: 'مرحبًا {customer}، لن يتم موعدك مع {organization}.',
    },
  },
  provider: {
    'booking.confirmation': {
      subject: 'جديد: {service} مع {customer}، {time}',
      title: 'موعد جديد',
      lead: 'لدى {customer} موعد مع {provider}.',
    },
    'booking.rescheduled': {
      subject: 'تم النقل: {service} مع {customer}، {time}',
      title: 'تم نقل الموعد',
      lead: 'أصبح لموعد {customer} مع {provider} وقت جديد.',
    },
    'booking.cancelled': {
      subject: 'أُلغي: {service} مع {customer}، {time}',
      title: 'أُلغي الموعد',
      lead: 'لن يتم موعد {customer} مع {provider}.',
    },
  },
  labels: {
    what: 'الخدمة',
    when: 'الموعد',
    before: 'سابقًا',
    with: 'مع',
    where: 'المكان',
    price: 'السعر',
    seats: 'المقاعد',
    customer: 'العميل',
    reason: 'السبب',
  },
  change: 'تغيير أو إلغاء',
  open: 'افتح في التقويم',
  footer: 'أُرسلت من {organization} عبر Slotkeeper.',
}

export const MAIL_TEXTS = { en, de, es, fr, ar }

export type MailLanguage = keyof typeof MAIL_TEXTS

const LANGUAGES = ['en', 'de', 'es', 'fr', 'ar'] as const

/** The language of a mail for a reader's locale; English where we do not speak theirs. */
export function languageOf(locale: string): MailLanguage {
  const [language] = locale.toLowerCase().split('-')
  return LANGUAGES.find((one) => one === language) ?? 'en'
}

/** How the mail writes times and amounts: as the reader's region does, as long as it is in the language of the mail. */
export function localeOf(locale: string): string {
  const language = languageOf(locale)
  // Browsers may send what looks like a locale and is none, such as en-12.
  return isLocale(locale) && new Intl.Locale(locale).language === language ? locale : language
}

function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** Fills in what stands in braces. */
export function fillIn(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}
