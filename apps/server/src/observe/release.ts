import manifest from '../../package.json' with { type: 'json' }

/** The version that runs, as errors and traces name it. */
export const RELEASE = manifest.version
