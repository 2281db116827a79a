import { kserve } from './kserve.js';
import { tfServing } from './tf-serving.js';

/** An input or output as a server describes it. */
export interface ServedTensor {
  readonly name: string;
  /** As the protocol spells it. */
  readonly datatype: string;
  /** With the batch axis; null where a size is open, undefined when the server does not say. */
  readonly shape: readonly (number | null)[] | undefined;
}

/** What a server says of a model. */
export interface ServedMetadata {
  readonly version?: string;
  readonly inputs: readonly ServedTensor[];
  readonly outputs: readonly ServedTensor[];
}

/** One request for scores. */
export interface Asked {
  /** Undefined where the protocol does without. */
  readonly input: ServedTensor | undefined;
  readonly output: string | undefined;
  readonly rows: number;
  /** Shape of one example. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What an answer holds. */
export interface Answered {
  /** One row of scores after another, not yet checked. */
  readonly scores: unknown;
  /** First dimension the answer says it has; undefined when it does not say. */
  readonly rows: number | undefined;
  /** Version of the model that answered, if said. */
  readonly version?: string;
}

/** How a protocol spells questions and answers. Reading throws a MalformedAnswer. */
export interface Protocol {
  readonly id: 'kserve-v2' | 'tf-serving';
  /** Appended to the model's URL. */
  readonly paths: { readonly metadata: string; readonly predict: string };
  /** Whether the server may have no metadata. */
  readonly metadataOptional: boolean;
  /** Types of inputs that take float32 values. */
  readonly floats: readonly string[];
  readMetadata(answer: unknown): ServedMetadata;
  question(asked: Asked): unknown;
  readAnswer(answer: unknown, asked: Asked): Answered;
}

export const protocols: Readonly<Record<Protocol['id'], Protocol>> = {
  'kserve-v2': kserve,
  'tf-serving': tfServing,
};
