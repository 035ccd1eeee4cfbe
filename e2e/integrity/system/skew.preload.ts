// Loaded before a process of the product (`node --import`): its clock goes wrong by CLOCK_SKEW_MS milliseconds, everywhere
// in that process. Timers go by a clock of their own and stay right, as on a machine whose time was set wrongly.

const skewMs = Number(process.env['CLOCK_SKEW_MS'] ?? 0)

if (skewMs !== 0) {
  const trueNow = Date.now.bind(Date)
  const nowMs = () => trueNow() + skewMs
  globalThis.Date = new Proxy(Date, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [nowMs()] : values, newTarget) as object,
    apply: (target) => new target(nowMs()).toString(),
    get: (target, name, receiver): unknown => (name === 'now' ? nowMs : Reflect.get(target, name, receiver)),
  })
  const instant = () => Temporal.Instant.fromEpochMilliseconds(nowMs())
  Temporal.Now.instant = instant
  const zoned = (timeZone: Temporal.TimeZoneLike = Temporal.Now.timeZoneId()) => instant().toZonedDateTimeISO(timeZone)
  Temporal.Now.zonedDateTimeISO = zoned
  Temporal.Now.plainDateTimeISO = (timeZone) => zoned(timeZone).toPlainDateTime()
  Temporal.Now.plainDateISO = (timeZone) => zoned(timeZone).toPlainDate()
  Temporal.Now.plainTimeISO = (timeZone) => zoned(timeZone).toPlainTime()
}
