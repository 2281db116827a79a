import type { FromSchema } from 'json-schema-to-ts';
import { PROFILES, QUIRKS } from '../../plugin/corruption.js';
import * as common from './common.js';

const { COUNT, HASH, TEXT } = common;

const SEVERITY = { type: 'integer', minimum: 1, maximum: 5 } as const;

const LEVEL = {
  type: 'object',
  additionalProperties: false,
  required: ['severity', 'parameters'],
  properties: {
    severity: SEVERITY,
    parameters: common.PARAMETERS,
    contentHash: {
      ...HASH,
      description: 'SHA-256 of the images, as the cells of a run have it; absent while they are being made',
    },
  },
} as const;

const SOURCE = {
  type: 'object',
  additionalProperties: false,
  description: 'How the images were made; absent for labels',
  required: ['corruption', 'profile', 'quirks', 'levels'],
  properties: {
    corruption: common.PLUGIN,
    profile: { enum: PROFILES },
    quirks: { enum: QUIRKS },
    textures: { ...HASH, description: 'SHA-256 of the photographs that were laid over the images' },
    levels: { type: 'array', minItems: 1, items: LEVEL },
  },
} as const;

const FILE = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'shape', 'fingerprint', 'toolVersion'],
  properties: {
    path: {
      type: 'string',
      // Files are removed by it: it must not lead out of the archive.
      pattern: '^[a-z0-9_]+(/(test|train)_(images|labels))?\\.npy$',
      description: 'Relative to the archive, with /',
    },
    shape: { type: 'array', items: COUNT, description: 'Of the array of bytes' },
    source: SOURCE,
    fingerprint: { ...HASH, description: 'SHA-256 of everything that determines the file' },
    toolVersion: TEXT,
    bytes: { ...COUNT, description: 'Size of the file; absent while it is being made' },
    sha256: { ...HASH, description: 'Of the file; absent while it is being made' },
  },
} as const;

/** manifest.json of an archive of corrupted images. */
export const archiveSchema = {
  $schema: common.DRAFT,
  $id: `${common.SCHEMA_BASE}archive:1`,
  title: 'Gauntlet archive of corrupted images',
  type: 'object',
  additionalProperties: false,
  required: [
    'schemaVersion',
    'kind',
    'layout',
    'suite',
    'data',
    'seed',
    'severities',
    'files',
    'unavailable',
  ],
  properties: {
    schemaVersion: { const: 1 },
    kind: { const: 'archive' },
    layout: { enum: ['cifar-c', 'mnist-c'] },
    suite: {
      type: 'object',
      additionalProperties: false,
      required: ['id', 'version', 'fingerprint'],
      properties: { id: TEXT, version: COUNT, fingerprint: HASH },
    },
    data: {
      type: 'object',
      additionalProperties: false,
      required: ['source', 'split', 'fingerprint', 'n'],
      properties: {
        source: TEXT,
        split: { enum: ['train', 'test'] },
        fingerprint: HASH,
        n: { ...COUNT, description: 'Images per corruption and severity: the first so many of the data' },
      },
    },
    seed: common.SEED,
    severities: {
      type: ['array', 'null'],
      minItems: 1,
      uniqueItems: true,
      items: SEVERITY,
      description: 'Of every corruption, in the order of the rows; null where each has one of its own',
    },
    files: { type: 'array', items: FILE },
    unavailable: {
      type: 'array',
      description: 'Corruptions of the suite that could not be made',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['corruption', 'code', 'reason'],
        properties: { corruption: TEXT, code: TEXT, reason: TEXT },
      },
    },
  },
} as const;

export type ArchiveManifest = FromSchema<typeof archiveSchema>;
export type ArchiveFile = ArchiveManifest['files'][number];
