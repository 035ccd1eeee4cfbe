import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { FastifySerializerCompiler } from 'fastify'

const compile = SerializerSelector()()
const compiled = new WeakMap<object, ReturnType<typeof compile>>()

/** Writes answers by their schemas, as Fastify does by itself, but compiles a schema that many routes have only once. */
export const responseSerializer: FastifySerializerCompiler<object> = (route) => {
  const known = compiled.get(route.schema)
  if (known) return known
  const serialize = compile({ ...route, httpStatus: route.httpStatus ?? 'default' })
  compiled.set(route.schema, serialize)
  return serialize
}
