import { readFileSync } from 'node:fs'
import Fastify from 'fastify'

// The reference of the reading figures: a route that answers bytes from memory and does nothing else.
const [file = '', port = '0'] = process.argv.slice(2)
const bytes = readFileSync(file, 'utf8')
const app = Fastify()
app.get('/', (_request, reply) => reply.type('application/json; charset=utf-8').serializer(String).send(bytes))
await app.listen({ host: '127.0.0.1', port: Number(port) })
