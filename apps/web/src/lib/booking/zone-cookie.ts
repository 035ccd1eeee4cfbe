/** Where the browser's time zone is kept, from the first page on. */
export const ZONE_COOKIE = 'slotkeeper_zone'
