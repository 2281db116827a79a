import { GauntletError } from '../../errors.js';
import type { ScoreKind } from './definition.js';

/** Scores of probability 0 get this: below the logarithm of any other float32. */
const LOG_OF_ZERO = -104;
/** How far past 0 and 1 rounding may carry a probability. */
const ROUNDING = 1e-3;

/** What an answer must be: so many rows of so many values. */
export interface Expected {
  /** Who answered, for the message. */
  readonly source: string;
  readonly rows: number;
  readonly width: number;
}

/**
 * An answer as float32 values. Values that are not finite pass: what they mean is for the judge.
 * @throws GauntletError MODEL_ANSWER when it is no list of `rows * width` numbers.
 */
export function checkedAnswer(answer: unknown, { source, rows, width }: Expected): Float32Array {
  const refuse = (received: string): GauntletError =>
    new GauntletError(
      'MODEL_ANSWER',
      `${source} was to answer with ${rows} x ${width} numbers, one after another; received ${received}.`,
    );
  if (!isList(answer)) throw refuse(answer === null ? 'null' : `a value of type ${typeof answer}`);
  if (answer.length !== rows * width) throw refuse(`${answer.length} values`);
  const values = new Float32Array(answer.length);
  for (let i = 0; i < values.length; i++) {
    const value = answer[i];
    if (typeof value !== 'number') {
      throw refuse(`${Array.isArray(value) ? 'a list' : describedValue(value)} at position ${i}`);
    }
    values[i] = value;
  }
  return values;
}

/**
 * Scores as logits: probabilities are replaced by their logarithms, of which the softmax is what they were.
 * @throws GauntletError MODEL_ANSWER when what are to be probabilities are not within [0, 1].
 */
export function logitsOf(scores: Float32Array, kind: ScoreKind, source: string): Float32Array {
  if (kind === 'logits') return scores;
  return scores.map((value, i) => {
    if (value < -ROUNDING || value > 1 + ROUNDING) {
      throw new GauntletError(
        'MODEL_ANSWER',
        `${source} was to answer with probabilities; received ${value} at position ${i}.`,
        { help: 'Say that its scores are logits.' },
      );
    }
    return value <= 0 ? LOG_OF_ZERO : Math.log(value);
  });
}

/** The cotangent of the scores from that of the logits. */
export function scoreCotangent(cotangent: Float32Array, logits: Float32Array, kind: ScoreKind): Float32Array {
  if (kind === 'logits') return cotangent;
  return cotangent.map((value, i) => (logits[i] === LOG_OF_ZERO ? 0 : value / Math.exp(logits[i]!)));
}

/** A value that came where a number was expected, in a few words. */
export function describedValue(value: unknown): string {
  if (typeof value === 'string') return `the text ${JSON.stringify(value).slice(0, 40)}`;
  return value !== null && typeof value === 'object' ? 'an object' : String(value);
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
