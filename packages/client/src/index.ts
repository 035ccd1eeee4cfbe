/**
 * The Slotkeeper API, typed. Every operation of the OpenAPI document is a function of the same name; it takes the client
 * that says where the server is, and answers `{data}` or `{error}` (an RFC 9457 problem), never throwing for either.
 */
export { createClient, createConfig, type Client } from './generated/client/index.ts'
export * from './generated/sdk.gen.ts'
export type * from './generated/types.gen.ts'
