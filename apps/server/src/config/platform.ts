type Environment = Record<string, string | undefined>

/**
 * Adds what a platform tells in variables of its own: Heroku says by which name the router knows an app, where its dyno
 * metadata is on, and to every review app its name.
 * @see https://devcenter.heroku.com/articles/dyno-metadata
 */
export function withPlatform(env: Environment): Environment {
  const { HEROKU_APP_NAME: name, HEROKU_APP_DEFAULT_DOMAIN_NAME: domain = name && `${name}.herokuapp.com` } = env
  return domain && !env['PUBLIC_URL'] ? { ...env, PUBLIC_URL: `https://${domain}` } : env
}
