import type { MailTexts } from './mail-texts.ts'

export const ar: MailTexts = {
  customer: {
    'booking.requested': {
      subject: 'تم الطلب: {service}، {time}',
      title: 'وصلنا طلبك',
      lead: 'مرحبًا {customer}، سيخبرك {organization} إن كان هذا الوقت مناسبًا.',
    },
    'booking.declined': {
      subject: 'غير ممكن: {service}، {time}',
      title: 'تعذّر قبول طلبك',
      lead: 'مرحبًا {customer}، لا يستطيع {organization} تقديم هذا الموعد لك.',
    },
    'booking.reassigned': {
      subject: 'الآن مع {provider}: {service}، {time}',
      title: 'سيستقبلك شخص آخر',
      lead: 'مرحبًا {customer}، أصبح موعدك لدى {organization} مع {provider}. الوقت لم يتغير.',
    },
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
    'booking.changed': {
      subject: 'تغيّر: {service}، {time}',
      title: 'تغيّر موعدك',
      lead: 'مرحبًا {customer}، أصبح موعدك مع {organization} لعدد من الأشخاص: {seats}.',
    },
    'booking.cancelled': {
      subject: 'أُلغي: {service}، {time}',
      title: 'أُلغي موعدك',
      lead: 'مرحبًا {customer}، لن يتم موعدك مع {organization}.',
    },
  },
  provider: {
    'booking.requested': {
      subject: 'طلب: {service} لـ {customer}، {time}',
      title: 'طلب موعد جديد',
      lead: 'يطلب {customer} موعدًا مع {provider}. اقبله أو ارفضه.',
    },
    'booking.declined': {
      subject: 'مرفوض: {service} لـ {customer}، {time}',
      title: 'رُفض الطلب',
      lead: 'رُفض طلب {customer}، أو لم يقرر أحد في الوقت المناسب.',
    },
    'booking.reassigned': {
      subject: 'أصبح لك: {service} مع {customer}، {time}',
      title: 'أصبح أحد المواعيد لك',
      lead: 'أصبح موعد {customer} مع {provider}.',
    },
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
    'booking.changed': {
      subject: 'تغيّر: {service} مع {customer}، {time}',
      title: 'تغيّر الموعد',
      lead: 'أصبح موعد {customer} مع {provider} لعدد من الأشخاص: {seats}.',
    },
    'booking.cancelled': {
      subject: 'أُلغي: {service} مع {customer}، {time}',
      title: 'أُلغي الموعد',
      lead: 'لن يتم موعد {customer} مع {provider}.',
    },
  },
  wish: {
    'wish.received': {
      subject: 'في القائمة: {service}',
      title: 'أنت في قائمة الانتظار',
      lead: 'مرحبًا {customer}، حالما يتوفر وقت يناسبك سيحتفظ به {organization} لك لفترة قصيرة ويكتب إليك.',
    },
    'wish.offered': {
      subject: 'متاح لك: {service}، {time}',
      title: 'أصبح وقت متاحًا',
      lead: 'مرحبًا {customer}، يحتفظ {organization} بهذا الوقت لك حتى {until}. اقبله قبل ذلك، وإلا عُرض على غيرك.',
    },
  },
  earlier: {
    'wish.received': {
      subject: 'في القائمة لوقت أبكر: {service}',
      title: 'طلبت وقتًا أبكر',
      lead: 'مرحبًا {customer}، حالما يتوفر وقت أبكر يناسبك سيحتفظ به {organization} لك لفترة قصيرة ويكتب إليك. يبقى موعدك كما هو.',
    },
    'wish.offered': {
      subject: 'أبكر إن شئت: {service}، {time}',
      title: 'أصبح وقت أبكر متاحًا',
      lead: 'مرحبًا {customer}، يحتفظ {organization} بهذا الوقت لك حتى {until}. اقبله قبل ذلك فيُنقل موعدك، وإلا بقي كما هو.',
    },
  },
  account: {
    'account.link': {
      subject: 'أنشئ حسابك في {site}',
      title: 'أنشئ حسابك',
      lead: 'طلب شخص ما، ونرجو أنه أنت، حسابًا في {site} بهذا العنوان. هذا الرابط ينشئه، وهو صالح ليوم واحد. إن لم تكن أنت فلا تفعل شيئًا.',
      action: 'إنشاء حساب',
    },
    'account.known': {
      subject: 'لديك حساب في {site}',
      title: 'لديك حساب بالفعل',
      lead: 'طلب شخص ما، ونرجو أنه أنت، حسابًا في {site} بهذا العنوان. يوجد حساب بالفعل: سجّل الدخول به. إن لم تكن أنت فلا تفعل شيئًا.',
      action: 'تسجيل الدخول',
    },
  },
  labels: {
    what: 'الخدمة',
    when: 'الموعد',
    before: 'سابقًا',
    also: 'كذلك',
    with: 'مع',
    where: 'المكان',
    price: 'السعر',
    seats: 'المقاعد',
    customer: 'العميل',
    reason: 'السبب',
  },
  wishLabels: { days: 'الأيام', until: 'محفوظ حتى' },
  wait: 'عرض أو سحب',
  take: 'اعرض الوقت واقبله',
  change: 'تغيير أو إلغاء',
  open: 'افتح في التقويم',
  decide: 'قبول أو رفض',
  footer: 'أُرسلت من {organization} عبر Slotkeeper.',
}
