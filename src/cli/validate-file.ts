import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { GauntletError, messageOf } from '../errors.js';
import type { Architectures } from '../models/architectures/registry.js';
import { suiteIndices } from '../suite/suite.js';

/** What a file turned out to be. */
export interface ValidFile {
  readonly kind: string;
  /** What is in it, in a few words. */
  readonly description: string;
}

/** Finds what a recipe may name; asked only when the file is one. */
type FindArchitectures = () => Promise<Architectures>;

interface FileKind {
  readonly kind: string;
  readonly matches: (value: Readonly<Record<string, unknown>>, name: string) => boolean;
  /** Checks the file and says what is in it. @throws GauntletError saying what is wrong */
  readonly check: (path: string, text: string, architectures: FindArchitectures) => Promise<string> | string;
}

const results = () => import('../results/validate.js');

/** Kinds of files in the order they are tried. */
const KINDS: readonly FileKind[] = [
  {
    kind: 'suite',
    matches: (value) => 'entries' in value,
    check: async (path, text) => {
      const suite = await (await import('../suite/read.js')).parseSuite(text, path);
      return `${suite.id} version ${suite.version}, ${suite.entries.length} entries, ${suiteIndices(suite).length} examples`;
    },
  },
  {
    kind: 'recipe',
    matches: (value) => 'network' in value || 'optimiser' in value,
    check: async (path, text, architectures) => {
      const { parseRecipe } = await import('../train/recipe.js');
      const recipe = parseRecipe(text, path, await architectures());
      return `${recipe.id}, ${recipe.epochs} epochs on ${recipe.data.source}`;
    },
  },
  {
    kind: 'cell',
    matches: (value) => value['kind'] === 'cell',
    check: async (path, text) => {
      const cell = (await results()).parseResult('cell', text, path);
      return `${cell.model.id}, ${cell.title}, ${cell.status}`;
    },
  },
  {
    kind: 'leaderboard',
    matches: (value) => value['kind'] === 'leaderboard',
    check: async (path, text) => {
      const { suite, rows } = (await results()).parseResult('leaderboard', text, path);
      return `${suite.id}, ${rows.length} rows`;
    },
  },
  {
    kind: 'run manifest',
    matches: (value) => value['kind'] === 'run',
    check: async (path, text) => {
      const { suite, plan } = (await results()).parseResult('run', text, path);
      return `${suite.id}, ${plan.length} cells`;
    },
  },
  {
    kind: 'manifest of an archive',
    matches: (value) => value['kind'] === 'archive',
    check: async (path, text) => {
      const { suite, data, files } = (await results()).parseResult('archive', text, path);
      const left = files.filter(({ sha256 }) => sha256 === undefined).length;
      return `${suite.id}, ${data.n} images of ${data.source}, ${files.length} files${left === 0 ? '' : `, ${left} not finished`}`;
    },
  },
  {
    kind: 'thresholds file',
    matches: (value) => value['kind'] === 'thresholds',
    check: async (path, text) => {
      const { suite, rules } = (await results()).parseResult('thresholds', text, path);
      return `${rules.length} rules for ${suite.id}`;
    },
  },
  {
    kind: 'bench report',
    matches: (value) => value['kind'] === 'bench',
    check: async (path, text) => {
      const { networks, threads } = (await results()).parseResult('bench', text, path);
      return `${networks.map(({ id }) => id).join(', ')} on ${threads} threads`;
    },
  },
  {
    kind: 'attack output',
    matches: (value) => 'attack' in value && 'outcomes' in value,
    check: async (path, text) => {
      const { model, attack, n } = (await results()).parseResult('attack-output', text, path);
      return `${attack.id} on ${model.id}, ${n} examples`;
    },
  },
  {
    kind: 'model',
    matches: (value) => 'modelTopology' in value,
    check: (path) => describeModel(path),
  },
  {
    kind: 'model card',
    matches: (value, name) => /(^|\.)card\.json$/.test(name) || 'preprocessing' in value || 'input' in value,
    check: async (path) => {
      const card = await (await import('../models/card.js')).readCard(path);
      return card.title ?? card.id ?? 'without a name';
    },
  },
];

/**
 * Finds out what a file is and checks it.
 * @param architectures what a recipe may name
 * @throws GauntletError of the file's kind saying what is wrong; USAGE when it is of no known kind or cannot be read
 */
export async function validateFile(path: string, architectures: FindArchitectures): Promise<ValidFile> {
  if (path.endsWith('.onnx')) return { kind: 'model', description: await describeModel(path) };
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new GauntletError('USAGE', `The file cannot be read: ${messageOf(cause)}.`, {
      cause,
      help: 'Check the path.',
    });
  });
  const value = parseAny(path, text);
  const kind = KINDS.find((candidate) => candidate.matches(value, basename(path)));
  if (kind === undefined) {
    const known = KINDS.map((candidate) => candidate.kind).filter((kind) => kind !== 'model');
    throw new GauntletError('USAGE', `${path} is none of: model, ${known.join(', ')}.`, {
      help: 'Check that it is the right file.',
    });
  }
  return { kind: kind.kind, description: await kind.check(path, text, architectures) };
}

async function describeModel(path: string): Promise<string> {
  const [{ loadModel }, { resolveModel }, { createOnnxRuntimeEngine }] = await Promise.all([
    import('../models/load.js'),
    import('../models/reference.js'),
    import('../engine/onnxruntime/engine.js'),
  ]);
  const { input, numClasses } = await loadModel(await resolveModel(path), await createOnnxRuntimeEngine());
  const { shape, layout, bounds } = input;
  return `input ${shape.join(' x ')} (${layout}) in [${bounds.join(', ')}], ${numClasses} classes`;
}

/** JSON is YAML; a file that is neither is blamed on what its name says it should be. */
function parseAny(path: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = path.endsWith('.json') ? JSON.parse(text) : parseYaml(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (error) {
    const key = path.endsWith('.json') ? 'RESULT_INVALID' : 'SUITE_INVALID';
    throw new GauntletError(key, `${path} does not parse: ${messageOf(error)}`, { cause: error });
  }
}
