import type { InputSpec } from '../../classifier/classifier.js';
import { GauntletError } from '../../errors.js';
import type { Declared, ModelReference } from '../../evaluate/cell.js';
import { fingerprintOf } from '../../fingerprint.js';
import { inferLayout } from '../input.js';
import { Allowance, Pacer } from './allowance.js';
import type { CodeModel, Gradient, Predict, ScoreKind } from './definition.js';

/** A model that is no file, ready to be asked. */
export interface OpenModel {
  readonly reference: ModelReference & { readonly declared: Declared };
  readonly input: InputSpec;
  readonly numClasses: number;
  readonly scores: ScoreKind;
  readonly predict: Predict;
  readonly gradient?: Gradient;
  readonly batchSize: number;
  readonly concurrency: number;
  /** Examples it may still be asked about. */
  readonly allowance: Allowance;
}

/** Where a definition was found, if in a module. */
export interface ModuleFile {
  /** Absolute path. */
  readonly path: string;
  /** Of the file itself, not of what it imports or reads. */
  readonly sha256: string;
}

/**
 * A model that is code, ready to be asked. Its identity is what it says of itself: id, version, input and classes, and the text of
 * the module it is in.
 * @throws GauntletError MODEL_INVALID when layout and shape do not go together.
 */
export function openCode(definition: CodeModel, module?: ModuleFile): OpenModel {
  const {
    id,
    version,
    numClasses,
    scores = 'logits',
    predict,
    gradient,
    queryBudget,
    rateLimit,
  } = definition;
  const input = inputOf(definition.input, id);
  const declared: Declared = {
    by: 'code',
    ...(version !== undefined && { version }),
    gradients: gradient !== undefined,
  };
  const sha256 = fingerprintOf({ declared, id, input, numClasses, scores, module: module?.sha256 });
  const pacer = new Pacer(rateLimit);
  return {
    reference: { id, path: module?.path ?? `memory:${id}`, sha256, declared },
    ...{ input, numClasses, scores },
    predict: async (batch, n, signal) => {
      await pacer.turn(signal);
      return predict(batch, n, signal);
    },
    ...(gradient !== undefined && {
      gradient: async (batch, n, cotangent, signal) => {
        await pacer.turn(signal);
        return gradient(batch, n, cotangent, signal);
      },
    }),
    batchSize: definition.batchSize ?? Infinity,
    concurrency: definition.concurrency ?? 1,
    allowance: new Allowance(id, queryBudget),
  };
}

/**
 * What a model takes, what is not said filled in.
 * @throws GauntletError MODEL_INVALID when layout and shape do not go together.
 */
export function inputOf({ shape, layout, bounds = [0, 1] }: CodeModel['input'], source: string): InputSpec {
  if (layout !== undefined && layout !== 'flat' && shape.length !== 3) {
    throw new GauntletError(
      'MODEL_INVALID',
      `${source}: layout ${layout} needs three dimensions, the input is [${shape.join(', ')}]`,
      { help: 'Correct the shape or the layout.' },
    );
  }
  return { shape: [...shape], layout: layout ?? inferLayout(shape), bounds: [bounds[0], bounds[1]] };
}
