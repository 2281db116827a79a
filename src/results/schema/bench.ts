import type { FromSchema } from 'json-schema-to-ts';
import { PROFILES } from '../../plugin/corruption.js';
import * as common from './common.js';

const { COUNT, TEXT } = common;

const AMOUNT = { type: 'number', minimum: 0 } as const;

const TIMES = {
  type: 'object',
  additionalProperties: false,
  required: ['fastest', 'median'],
  properties: { fastest: AMOUNT, median: AMOUNT },
  description: 'Milliseconds of one call',
} as const;

const PASS = {
  type: 'object',
  additionalProperties: false,
  required: ['milliseconds', 'imagesPerSecond', 'gflops', 'shareOfPeak', 'shareInTurns'],
  properties: {
    milliseconds: TIMES,
    imagesPerSecond: { ...AMOUNT, description: 'At the fastest call' },
    gflops: {
      ...AMOUNT,
      description: 'Billions of floating-point operations per second at the fastest call',
    },
    shareOfPeak: { ...AMOUNT, description: 'The same, as a share of the fastest matrix product of the run' },
    shareInTurns: {
      ...AMOUNT,
      description:
        'Median speed as a share of that of the matrix products just before and after, median over the turns',
    },
  },
} as const;

const PGD = {
  ...PASS,
  required: [...PASS.required, 'steps', 'shareOutsideEngine'],
  properties: {
    ...PASS.properties,
    steps: COUNT,
    shareOutsideEngine: {
      ...common.SHARE,
      description: 'Share of the time in which the engine does not run',
    },
  },
} as const;

const TORCH = {
  type: 'object',
  additionalProperties: false,
  required: ['version', 'forward', 'gradient'],
  properties: { version: TEXT, forward: PASS, gradient: PASS },
  description: 'The same network in PyTorch, timed in turns with ours',
} as const;

const NETWORK = {
  type: 'object',
  additionalProperties: false,
  required: [
    'id',
    'title',
    'batchSize',
    'parameters',
    'forwardFlops',
    'peak',
    'forward',
    'gradient',
    'pgd',
    'backwardRatio',
    'peakMemory',
  ],
  properties: {
    id: TEXT,
    title: TEXT,
    batchSize: { ...COUNT, description: 'Images per call' },
    engineBatch: {
      ...COUNT,
      description: "Images per engine call at most, where not the classifier's choice",
    },
    parameters: { ...COUNT, description: 'Weights' },
    forwardFlops: {
      ...COUNT,
      description:
        'Floating-point operations of a forward pass of one image; its gradient counts as many again',
    },
    peak: {
      type: 'object',
      additionalProperties: false,
      required: ['gflops', 'slowest'],
      properties: {
        gflops: { ...AMOUNT, description: 'Matrix product at its fastest' },
        slowest: { ...AMOUNT, description: 'Its fastest in the slowest of the slices between the passes' },
      },
    },
    forward: PASS,
    gradient: { ...PASS, description: 'Forward pass and input gradient of the cross-entropy' },
    pgd: {
      ...PGD,
      description: 'A whole shard, judge included; only the gradient passes count as operations',
    },
    backwardRatio: { ...AMOUNT, description: '(gradient - forward) / forward, of the fastest calls' },
    peakMemory: { ...COUNT, description: 'Bytes the process that times the network held at most' },
    torch: TORCH,
  },
} as const;

const ATTACK = {
  type: 'object',
  additionalProperties: false,
  required: [
    'network',
    'attack',
    'threat',
    'parameters',
    'images',
    'passes',
    'imagesPerSecond',
    'shareOutsideEngine',
  ],
  properties: {
    network: TEXT,
    attack: TEXT,
    threat: { ...TEXT, description: 'Threat model it was timed under' },
    parameters: { ...common.PARAMETERS, description: 'Those that are not defaults' },
    images: { ...COUNT, description: 'How many were attacked at once' },
    passes: {
      type: 'object',
      additionalProperties: false,
      required: ['forward', 'gradient'],
      properties: { forward: AMOUNT, gradient: AMOUNT },
      description:
        'Mean per attacked image; those of an attack that learns first are shared out. Judging is not counted',
    },
    imagesPerSecond: { ...AMOUNT, description: 'Of the whole job, judging included' },
    shareOutsideEngine: {
      ...common.SHARE,
      description: 'Share of the time in which the engine does not run',
    },
  },
} as const;

const CORRUPTION = {
  type: 'object',
  additionalProperties: false,
  required: ['corruption', 'profile', 'shape', 'severities', 'images', 'imagesPerSecond'],
  properties: {
    corruption: TEXT,
    profile: { enum: PROFILES },
    shape: { type: 'array', items: COUNT, description: 'Of an image, channels first' },
    severities: { ...COUNT, description: 'How many were timed, in turn' },
    images: { ...COUNT, description: 'How many at each severity' },
    imagesPerSecond: { ...AMOUNT, description: 'Of one thread, over all severities' },
  },
} as const;

const COMPARED = {
  type: 'object',
  additionalProperties: false,
  required: ['native', 'other', 'ratio'],
  properties: {
    native: TIMES,
    other: TIMES,
    ratio: { ...AMOUNT, description: 'Fastest call of the other over that of the native engine' },
  },
} as const;

const ENGINE = {
  type: 'object',
  additionalProperties: false,
  required: ['model', 'batchSize', 'engine', 'steps', 'forward', 'gradient', 'pgd'],
  properties: {
    model: TEXT,
    batchSize: { ...COUNT, description: 'Images per call' },
    engine: { ...common.ENGINE, description: 'The other engine' },
    steps: { ...COUNT, description: 'Steps of PGD' },
    forward: COMPARED,
    gradient: COMPARED,
    pgd: COMPARED,
  },
} as const;

const TRAINING = {
  type: 'object',
  additionalProperties: false,
  required: ['network', 'images', 'parameters', 'forwardFlops', ...PASS.required],
  properties: {
    network: TEXT,
    images: { ...COUNT, description: 'Per step' },
    parameters: { ...COUNT, description: 'Weights' },
    forwardFlops: {
      ...COUNT,
      description:
        'Floating-point operations of a forward pass of one image; a step counts three times as many',
    },
    ...PASS.properties,
  },
} as const;

/** What `gauntlet bench --json` prints, and a baseline. */
export const benchSchema = {
  $schema: common.DRAFT,
  $id: `${common.SCHEMA_BASE}bench:1`,
  title: 'Gauntlet bench',
  type: 'object',
  additionalProperties: false,
  required: ['schemaVersion', 'kind', 'tool', 'engine', 'machine', 'threads', 'networks'],
  properties: {
    schemaVersion: { const: 1 },
    kind: { const: 'bench' },
    tool: common.TOOL,
    engine: common.ENGINE,
    machine: {
      type: 'object',
      additionalProperties: false,
      required: ['processor', 'cores', 'node'],
      properties: { processor: TEXT, cores: COUNT, node: TEXT },
    },
    threads: { ...COUNT, description: 'Threads of the engine' },
    networks: { type: 'array', items: NETWORK },
    attacks: { type: 'array', items: ATTACK },
    corruptions: { type: 'array', items: CORRUPTION },
    engines: { type: 'array', items: ENGINE },
    training: { type: 'array', items: TRAINING },
    sessions: {
      type: 'object',
      additionalProperties: false,
      required: ['network', 'count', 'alone', 'inTurns', 'ratio'],
      properties: {
        network: TEXT,
        count: { ...COUNT, description: 'Sessions of one process that run in turns' },
        alone: TIMES,
        inTurns: TIMES,
        ratio: { ...AMOUNT, description: 'Fastest call in turns over that of a session alone' },
      },
    },
  },
} as const;

export type BenchReport = FromSchema<typeof benchSchema>;
export type NetworkReport = BenchReport['networks'][number];
export type PassReport = NetworkReport['forward'];
export type Times = PassReport['milliseconds'];
export type AttackReport = NonNullable<BenchReport['attacks']>[number];
export type CorruptionReport = NonNullable<BenchReport['corruptions']>[number];
export type EngineReport = NonNullable<BenchReport['engines']>[number];
export type TrainingReport = NonNullable<BenchReport['training']>[number];
export type SessionsReport = NonNullable<BenchReport['sessions']>;
