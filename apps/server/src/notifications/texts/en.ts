import type { MailTexts } from './mail-texts.ts'

export const en: MailTexts = {
  customer: {
    'booking.requested': {
      subject: 'Requested: {service}, {time}',
      title: 'We have your request',
      lead: 'Hello {customer}, {organization} will let you know whether this time suits.',
    },
    'booking.declined': {
      subject: 'Not possible: {service}, {time}',
      title: 'Your request could not be granted',
      lead: 'Hello {customer}, {organization} cannot offer you this appointment.',
    },
    'booking.reassigned': {
      subject: 'Now with {provider}: {service}, {time}',
      title: 'Somebody else will see you',
      lead: 'Hello {customer}, your appointment with {organization} is now with {provider}. The time stays the same.',
    },
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
    'booking.changed': {
      subject: 'Changed: {service}, {time}',
      title: 'Your appointment has changed',
      lead: 'Hello {customer}, your appointment with {organization} is now for so many people: {seats}.',
    },
    'booking.cancelled': {
      subject: 'Cancelled: {service}, {time}',
      title: 'Your appointment is cancelled',
      lead: 'Hello {customer}, your appointment with {organization} will not take place.',
    },
  },
  provider: {
    'booking.requested': {
      subject: 'Request: {service} for {customer}, {time}',
      title: 'Somebody asks for an appointment',
      lead: '{customer} asks for an appointment with {provider}. Approve or decline it.',
    },
    'booking.declined': {
      subject: 'Declined: {service} for {customer}, {time}',
      title: 'Request declined',
      lead: 'The request of {customer} was declined, or nobody decided in time.',
    },
    'booking.reassigned': {
      subject: 'Yours now: {service} with {customer}, {time}',
      title: 'An appointment is now yours',
      lead: 'The appointment of {customer} is now with {provider}.',
    },
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
    'booking.changed': {
      subject: 'Changed: {service} with {customer}, {time}',
      title: 'Appointment changed',
      lead: 'The appointment of {customer} with {provider} is now for so many people: {seats}.',
    },
    'booking.cancelled': {
      subject: 'Cancelled: {service} with {customer}, {time}',
      title: 'Appointment cancelled',
      lead: 'The appointment of {customer} with {provider} will not take place.',
    },
  },
  wish: {
    'wish.received': {
      subject: 'On the list: {service}',
      title: 'You are on the waiting list',
      lead: 'Hello {customer}, as soon as a time that suits you frees up, {organization} keeps it for you for a short while and writes to you.',
    },
    'wish.offered': {
      subject: 'Free for you: {service}, {time}',
      title: 'A time has become free',
      lead: 'Hello {customer}, {organization} keeps this time for you until {until}. Take it before then, or somebody else is asked.',
    },
  },
  earlier: {
    'wish.received': {
      subject: 'On the list for an earlier time: {service}',
      title: 'You asked for an earlier time',
      lead: 'Hello {customer}, as soon as an earlier time that suits you frees up, {organization} keeps it for you for a short while and writes to you. Your appointment stays as it is.',
    },
    'wish.offered': {
      subject: 'Earlier, if you like: {service}, {time}',
      title: 'An earlier time has become free',
      lead: 'Hello {customer}, {organization} keeps this time for you until {until}. Take it before then and your appointment moves; otherwise it stays as it is.',
    },
  },
  account: {
    'account.link': {
      subject: 'Create your account at {site}',
      title: 'Create your account',
      lead: 'Somebody, hopefully you, asked for an account at {site} with this address. This link makes it and is good for a day. If it was not you, do nothing.',
      action: 'Create an account',
    },
    'account.known': {
      subject: 'You have an account at {site}',
      title: 'You have an account already',
      lead: 'Somebody, hopefully you, asked for an account at {site} with this address. There is one: sign in with it. If it was not you, do nothing.',
      action: 'Sign in',
    },
  },
  labels: {
    what: 'What',
    when: 'When',
    before: 'Before',
    also: 'Also',
    with: 'With',
    where: 'Where',
    price: 'Price',
    seats: 'Seats',
    customer: 'Customer',
    reason: 'Reason',
  },
  wishLabels: { days: 'Days', until: 'Kept until' },
  wait: 'See or withdraw',
  take: 'See the offer and take it',
  change: 'Change or cancel',
  open: 'Open in the calendar',
  decide: 'Approve or decline',
  footer: 'Sent by {organization} with Slotkeeper.',
}
