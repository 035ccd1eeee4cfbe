/**
 * The built pages read their settings from the environment when they are loaded. The address people use is told to them
 * by our own server, in a header that it overwrites on every request.
 */
export function preparePageSettings(): void {
  process.env['PROTOCOL_HEADER'] = 'x-forwarded-proto'
  process.env['BODY_SIZE_LIMIT'] = '256K'
}
