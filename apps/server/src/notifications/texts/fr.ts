import type { MailTexts } from './mail-texts.ts'

export const fr: MailTexts = {
  customer: {
    'booking.requested': {
      subject: 'Demandé : {service}, {time}',
      title: 'Nous avons votre demande',
      lead: 'Bonjour {customer}, {organization} vous dira si cet horaire convient.',
    },
    'booking.declined': {
      subject: 'Impossible : {service}, {time}',
      title: 'Votre demande n’a pas pu être acceptée',
      lead: 'Bonjour {customer}, {organization} ne peut pas vous proposer ce rendez-vous.',
    },
    'booking.reassigned': {
      subject: 'Désormais avec {provider} : {service}, {time}',
      title: 'Une autre personne vous recevra',
      lead: 'Bonjour {customer}, votre rendez-vous avec {organization} est désormais avec {provider}. L’horaire ne change pas.',
    },
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
    'booking.requested': {
      subject: 'Demande : {service} pour {customer}, {time}',
      title: 'Quelqu’un demande un rendez-vous',
      lead: '{customer} demande un rendez-vous avec {provider}. Acceptez-le ou refusez-le.',
    },
    'booking.declined': {
      subject: 'Refusé : {service} pour {customer}, {time}',
      title: 'Demande refusée',
      lead: 'La demande de {customer} a été refusée, ou personne n’a décidé à temps.',
    },
    'booking.reassigned': {
      subject: 'Désormais à vous : {service} avec {customer}, {time}',
      title: 'Un rendez-vous est désormais à vous',
      lead: 'Le rendez-vous de {customer} est désormais avec {provider}.',
    },
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
  decide: 'Accepter ou refuser',
  footer: 'Envoyé par {organization} avec Slotkeeper.',
}
