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
    'booking.changed': {
      subject: 'Modifié : {service}, {time}',
      title: 'Votre rendez-vous a changé',
      lead: 'Bonjour {customer}, votre rendez-vous chez {organization} est désormais pour ce nombre de personnes : {seats}.',
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
    'booking.changed': {
      subject: 'Modifié : {service} avec {customer}, {time}',
      title: 'Rendez-vous modifié',
      lead: 'Le rendez-vous de {customer} avec {provider} est désormais pour ce nombre de personnes : {seats}.',
    },
    'booking.cancelled': {
      subject: 'Annulé : {service} avec {customer}, {time}',
      title: 'Rendez-vous annulé',
      lead: 'Le rendez-vous de {customer} avec {provider} n’aura pas lieu.',
    },
  },
  wish: {
    'wish.received': {
      subject: 'Sur la liste : {service}',
      title: 'Vous êtes sur la liste d’attente',
      lead: 'Bonjour {customer}, dès qu’un horaire qui vous convient se libère, {organization} vous le garde un court moment et vous écrit.',
    },
    'wish.offered': {
      subject: 'Libre pour vous : {service}, {time}',
      title: 'Un horaire s’est libéré',
      lead: 'Bonjour {customer}, {organization} vous garde cet horaire jusqu’au {until}. Prenez-le avant, sinon il sera proposé à quelqu’un d’autre.',
    },
  },
  earlier: {
    'wish.received': {
      subject: 'Sur la liste pour un horaire plus tôt : {service}',
      title: 'Vous souhaitez un horaire plus tôt',
      lead: 'Bonjour {customer}, dès qu’un horaire plus tôt qui vous convient se libère, {organization} vous le garde un court moment et vous écrit. Votre rendez-vous reste tel quel.',
    },
    'wish.offered': {
      subject: 'Plus tôt, si vous voulez : {service}, {time}',
      title: 'Un horaire plus tôt s’est libéré',
      lead: 'Bonjour {customer}, {organization} vous garde cet horaire jusqu’au {until}. Prenez-le avant et votre rendez-vous est déplacé ; sinon il reste tel quel.',
    },
  },
  account: {
    'account.link': {
      subject: 'Créez votre compte sur {site}',
      title: 'Créez votre compte',
      lead: 'Quelqu’un, vous sans doute, a demandé un compte sur {site} avec cette adresse. Ce lien le crée et reste valable un jour. Si ce n’était pas vous, ne faites rien.',
      action: 'Créer un compte',
    },
    'account.known': {
      subject: 'Vous avez un compte sur {site}',
      title: 'Vous avez déjà un compte',
      lead: 'Quelqu’un, vous sans doute, a demandé un compte sur {site} avec cette adresse. Il en existe déjà un : connectez-vous. Si ce n’était pas vous, ne faites rien.',
      action: 'Se connecter',
    },
  },
  labels: {
    what: 'Quoi',
    when: 'Quand',
    before: 'Avant',
    also: 'Également',
    with: 'Avec',
    where: 'Où',
    price: 'Prix',
    seats: 'Places',
    customer: 'Client',
    reason: 'Motif',
  },
  wishLabels: { days: 'Jours', until: 'Gardé jusqu’au' },
  wait: 'Voir ou retirer',
  take: 'Voir l’offre et la prendre',
  change: 'Modifier ou annuler',
  open: 'Ouvrir dans le calendrier',
  decide: 'Accepter ou refuser',
  footer: 'Envoyé par {organization} avec Slotkeeper.',
}
