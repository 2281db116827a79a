import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { GauntletError, messageOf } from '../errors.js';
import { parseBudget } from './budget.js';
import { namingProblem } from './naming.js';
import { resolveSuite } from './resolve.js';
import { firstProblem, pathText } from './schema-problem.js';
import { suiteSchema, type SuiteFile } from './schema.js';
import type { Suite } from './suite.js';

const validate = new Ajv2020({
  allErrors: true,
  discriminator: true,
  allowUnionTypes: true,
  strictTypes: false,
}).compile<SuiteFile>(suiteSchema);

type Path = readonly (string | number)[];

/**
 * Reads a suite file.
 * @param path of a YAML file; paths inside it are relative to its folder
 * @throws GauntletError UNKNOWN_SUITE when there is no such file; SUITE_INVALID with line and column when it is malformed
 */
export async function readSuite(path: string): Promise<Suite> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new GauntletError('UNKNOWN_SUITE', `The suite file ${path} cannot be read: ${messageOf(cause)}.`, {
      cause,
    });
  });
  return parseSuite(text, path);
}

/**
 * A suite from its YAML text.
 * @param source path of the file, for messages and for resolving paths
 * @throws GauntletError SUITE_INVALID
 */
export async function parseSuite(text: string, source: string): Promise<Suite> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const fail = (offset: number | undefined, message: string, cause?: unknown) => {
    const place = offset === undefined ? undefined : lines.linePos(offset);
    const at = place === undefined ? source : `${source}:${place.line}:${place.col}`;
    return new GauntletError('SUITE_INVALID', `${at}: ${message}.`, { cause });
  };

  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) throw fail(problem.pos[0], problem.message.replace(/\.$/, ''), problem);
  const content = toPlain(document, (cause) => fail(undefined, messageOf(cause), cause));
  if (!validate(content)) {
    const { path, message } = firstProblem(validate.errors ?? []);
    throw fail(offsetOf(document, path), `${pathText(path)}: ${message}`);
  }
  for (const { path, budget } of budgetsOf(content)) {
    await parseBudget(budget).catch((cause: unknown) => {
      throw fail(
        offsetOf(document, path),
        `${pathText(path)}: ${messageOf(cause).replace(/\.$/, '')}`,
        cause,
      );
    });
  }
  const suite = await resolveSuite(content, dirname(resolve(source))).catch((cause: unknown) => {
    throw fail(undefined, messageOf(cause).replace(/\.$/, ''), cause);
  });
  const naming = namingProblem(suite);
  if (naming !== null) {
    const path = naming.entry === null ? ['rank'] : ['entries', naming.entry];
    throw fail(offsetOf(document, path), `${pathText(path)}: ${naming.message}`);
  }
  return suite;
}

/** The document as plain values; fails on alias bombs. */
function toPlain(document: Document.Parsed, failure: (cause: unknown) => Error): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    throw failure(error);
  }
}

/** Every budget of the file with its place. */
function budgetsOf(file: SuiteFile): { path: Path; budget: string | number }[] {
  return file.entries.flatMap((entry, i) => {
    if (entry.kind === 'corruption') return [];
    if (entry.kind === 'curve') {
      return entry.epsilons.map((budget, j) => ({ path: ['entries', i, 'epsilons', j], budget }));
    }
    const { threat } = entry;
    return threat.kind === 'lp'
      ? [{ path: ['entries', i, 'threat', 'epsilon'], budget: threat.epsilon }]
      : [];
  });
}

/** Where the value at `path` begins in the text, or the nearest enclosing one. An unknown property is found by its key. */
function offsetOf(document: Document.Parsed, path: Path): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1));
    if (pair !== undefined && isScalar(pair.key)) return pair.key.range?.[0];
  }
  const node = document.getIn(path, true);
  if (isNode(node)) return node.range?.[0];
  return path.length === 0 ? undefined : offsetOf(document, path.slice(0, -1));
}
