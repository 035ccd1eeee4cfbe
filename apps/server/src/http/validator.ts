import { AjvCompiler } from '@fastify/ajv-compiler'
import type { FastifySchemaCompiler } from 'fastify'

/**
 * Checks requests against their schemas. Addresses are text, so that numbers and lists are read out of them; a JSON body
 * says itself what is a number and what is text, and is taken at its word.
 */
export function requestValidator(): FastifySchemaCompiler<object> {
  const compilers = AjvCompiler()
  const options = { removeAdditional: false, useDefaults: true, allErrors: false } as const
  const address = compilers({}, { customOptions: { ...options, coerceTypes: 'array' } })
  const body = compilers({}, { customOptions: { ...options, coerceTypes: false } })
  return (route) => (route.httpPart === 'body' ? body(route) : address(route))
}
