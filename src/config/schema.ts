import type { FromSchema } from 'json-schema-to-ts';

/** What `gauntlet.config.*` may say. Every property is optional; flags of the command line win. */
export const configSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Gauntlet configuration',
  type: 'object',
  additionalProperties: false,
  properties: {
    plugins: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      description: 'Plugin modules to load: paths relative to the configuration file, or package names',
    },
    dataDir: {
      type: 'string',
      minLength: 1,
      description: 'Folder that holds data sets by id, relative to the configuration file',
    },
    mirror: {
      type: 'string',
      pattern: '^https?://',
      description: 'Server that `gauntlet data pull` takes files from, as <mirror>/<id>/<file>',
    },
    frostTextures: {
      type: 'string',
      minLength: 1,
      description: 'Folder of photographs of frost, relative to the configuration file',
    },
    out: {
      type: 'string',
      minLength: 1,
      description: 'Folder for run folders, relative to the configuration file',
    },
    jobs: { type: 'integer', minimum: 1, description: 'Number of worker threads' },
    batchSize: { type: 'integer', minimum: 1, description: 'Examples per pass' },
  },
} as const;

/** The configuration as written. */
export type ConfigFile = FromSchema<typeof configSchema>;
