/** The zone in its usual spelling; undefined for one that is unknown, or is a mere offset. */
export function knownZone(timeZone: string): string | undefined {
  if (!/^[A-Za-z]/.test(timeZone)) return undefined
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone).timeZoneId
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

export const UNKNOWN_ZONE = 'This time zone is not known. Use an IANA name such as Europe/Berlin.'
