import type { GradientRule } from '../rule.js';
import { activationRules } from './activation.js';
import { arithmeticRules } from './arithmetic.js';
import { convolutionRules } from './convolution.js';
import { depthSpaceRules } from './depth-space.js';
import { einsumRules } from './einsum.js';
import { globalPoolingRules } from './global-pooling.js';
import { indexingRules } from './indexing.js';
import { joiningRules } from './joining.js';
import { linearRules } from './linear.js';
import { lpPoolingRules } from './lp-pooling.js';
import { maxPoolingRules } from './max-pooling.js';
import { normNormalizationRules } from './normalization-norm.js';
import { standardNormalizationRules } from './normalization-standard.js';
import { normalizationRules } from './normalization.js';
import { paddingRules } from './padding.js';
import { poolingRules } from './pooling.js';
import { reductionRules } from './reduction.js';
import { resizingRules } from './resizing.js';
import { scatteringRules } from './scattering.js';
import { selfTransposedRules } from './self-transposed.js';
import { selectionRules } from './top-k.js';
import { shapeRules } from './shape.js';
import { softmaxRules } from './softmax.js';
import { transposedConvolutionRules } from './transposed-convolution.js';
import { tilingRules } from './tiling.js';

/** The gradient rule of every differentiable operator of the standard domain, by the operator's name. */
export const gradientRules: ReadonlyMap<string, GradientRule> = new Map(
  Object.entries({
    ...activationRules,
    ...arithmeticRules,
    ...convolutionRules,
    ...depthSpaceRules,
    ...einsumRules,
    ...globalPoolingRules,
    ...indexingRules,
    ...joiningRules,
    ...linearRules,
    ...lpPoolingRules,
    ...maxPoolingRules,
    ...normalizationRules,
    ...normNormalizationRules,
    ...standardNormalizationRules,
    ...paddingRules,
    ...poolingRules,
    ...reductionRules,
    ...resizingRules,
    ...scatteringRules,
    ...selectionRules,
    ...selfTransposedRules,
    ...shapeRules,
    ...softmaxRules,
    ...transposedConvolutionRules,
    ...tilingRules,
  }),
);
