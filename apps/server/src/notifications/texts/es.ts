import type { MailTexts } from './mail-texts.ts'

export const es: MailTexts = {
  customer: {
    'booking.requested': {
      subject: 'Solicitada: {service}, {time}',
      title: 'Hemos recibido su solicitud',
      lead: 'Hola, {customer}: {organization} le dirá si esta hora es posible.',
    },
    'booking.declined': {
      subject: 'No es posible: {service}, {time}',
      title: 'No se ha podido aceptar su solicitud',
      lead: 'Hola, {customer}: {organization} no puede ofrecerle esta cita.',
    },
    'booking.reassigned': {
      subject: 'Ahora con {provider}: {service}, {time}',
      title: 'Le atenderá otra persona',
      lead: 'Hola, {customer}: su cita con {organization} es ahora con {provider}. La hora no cambia.',
    },
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
    'booking.changed': {
      subject: 'Cambiada: {service}, {time}',
      title: 'Su cita ha cambiado',
      lead: 'Hola, {customer}: su cita con {organization} es ahora para este número de personas: {seats}.',
    },
    'booking.cancelled': {
      subject: 'Cancelada: {service}, {time}',
      title: 'Su cita está cancelada',
      lead: 'Hola, {customer}: su cita con {organization} no tendrá lugar.',
    },
  },
  provider: {
    'booking.requested': {
      subject: 'Solicitud: {service} para {customer}, {time}',
      title: 'Alguien pide una cita',
      lead: '{customer} pide una cita con {provider}. Acéptela o recházela.',
    },
    'booking.declined': {
      subject: 'Rechazada: {service} para {customer}, {time}',
      title: 'Solicitud rechazada',
      lead: 'La solicitud de {customer} se ha rechazado, o nadie decidió a tiempo.',
    },
    'booking.reassigned': {
      subject: 'Ahora es suya: {service} con {customer}, {time}',
      title: 'Una cita es ahora suya',
      lead: 'La cita de {customer} es ahora con {provider}.',
    },
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
    'booking.changed': {
      subject: 'Cambiada: {service} con {customer}, {time}',
      title: 'Cita cambiada',
      lead: 'La cita de {customer} con {provider} es ahora para este número de personas: {seats}.',
    },
    'booking.cancelled': {
      subject: 'Cancelada: {service} con {customer}, {time}',
      title: 'Cita cancelada',
      lead: 'La cita de {customer} con {provider} no tendrá lugar.',
    },
  },
  wish: {
    'wish.received': {
      subject: 'En la lista: {service}',
      title: 'Está en la lista de espera',
      lead: 'Hola, {customer}: en cuanto quede libre una hora que le convenga, {organization} se la reservará un momento y le escribirá.',
    },
    'wish.offered': {
      subject: 'Libre para usted: {service}, {time}',
      title: 'Ha quedado libre una hora',
      lead: 'Hola, {customer}: {organization} le guarda esta hora hasta {until}. Acéptela antes; si no, se preguntará a otra persona.',
    },
  },
  earlier: {
    'wish.received': {
      subject: 'En la lista para una hora anterior: {service}',
      title: 'Ha pedido una hora anterior',
      lead: 'Hola, {customer}: en cuanto quede libre una hora anterior que le convenga, {organization} se la reservará un momento y le escribirá. Su cita sigue como está.',
    },
    'wish.offered': {
      subject: 'Antes, si lo desea: {service}, {time}',
      title: 'Ha quedado libre una hora anterior',
      lead: 'Hola, {customer}: {organization} le guarda esta hora hasta {until}. Si la acepta antes, su cita se cambia; si no, sigue como está.',
    },
  },
  account: {
    'account.link': {
      subject: 'Cree su cuenta en {site}',
      title: 'Cree su cuenta',
      lead: 'Alguien, esperamos que usted, ha pedido una cuenta en {site} con esta dirección. Este enlace la crea y vale un día. Si no ha sido usted, no haga nada.',
      action: 'Crear una cuenta',
    },
    'account.known': {
      subject: 'Usted tiene una cuenta en {site}',
      title: 'Ya tiene una cuenta',
      lead: 'Alguien, esperamos que usted, ha pedido una cuenta en {site} con esta dirección. Ya existe una: inicie sesión con ella. Si no ha sido usted, no haga nada.',
      action: 'Iniciar sesión',
    },
  },
  labels: {
    what: 'Qué',
    when: 'Cuándo',
    before: 'Antes',
    also: 'También',
    with: 'Con',
    where: 'Dónde',
    price: 'Precio',
    seats: 'Plazas',
    customer: 'Cliente',
    reason: 'Motivo',
  },
  wishLabels: { days: 'Días', until: 'Reservada hasta' },
  wait: 'Ver o retirar',
  take: 'Ver la oferta y aceptarla',
  change: 'Cambiar o cancelar',
  open: 'Abrir en el calendario',
  decide: 'Aceptar o rechazar',
  footer: 'Enviado por {organization} con Slotkeeper.',
}
