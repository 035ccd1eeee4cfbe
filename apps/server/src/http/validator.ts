import { AjvCompiler } from '@fastify/ajv-compiler'
import type { FastifySchemaCompiler } from 'fastify'

const COMPILERS = AjvCompiler()
const OPTIONS = { removeAdditional: false, useDefaults: true, allErrors: false } as const
const ADDRESS = COMPILERS({}, { customOptions: { ...OPTIONS, coerceTypes: 'array' } })
const BODY = COMPILERS({}, { customOptions: { ...OPTIONS, coerceTypes: false } })

/**
 * Checks requests against their schemas. Addresses are text, so that numbers and lists are read out of them; a JSON body
 * says itself what is a number and what is text, and is taken at its word. A schema is compiled once in a process.
 */
export const requestValidator: FastifySchemaCompiler<object> = (route) =>
  route.httpPart === 'body' ? BODY(route) : ADDRESS(route)
