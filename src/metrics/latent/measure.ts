import type { Proportion } from '../../evaluate/cell.js';
import { confidencesOf } from '../../evaluate/confidences.js';
import { calibrationOf, type Calibration } from '../corruption/calibration.js';
import { proportion } from '../proportion.js';
import { binarityOf, type Binarity } from './binarity.js';
import { binarise, codeBook, hammingToBook, sameEncodingFraction, type CodeBook } from './codes.js';
import { latentHistograms, type LatentHistograms } from './histogram.js';
import { neuralCollapse, type NeuralCollapse } from './neural-collapse.js';
import type { LatentPoints } from './points.js';
import { reliabilityOf, uncertainties, type Reliability } from './reliability.js';
import { distanceToBook } from './vertices.js';

/** Latent vectors with the logits that the model makes of them. */
export interface ScoredPoints extends LatentPoints {
  /** n x numClasses, finite. */
  readonly logits: Float32Array;
}

/** Fraction of examples that have the word of their predicted class, by either way to make words. */
export interface SameEncoding {
  /** A coordinate above zero is a 1, as in the paper. */
  readonly sign: number | null;
  /** A coordinate above the midpoint of its mixture is a 1. */
  readonly mixture: number | null;
}

/** What can be said of a latent space on one set of images. */
export interface SetFigures {
  readonly accuracy: Proportion;
  readonly calibration: Calibration;
  readonly collapse: NeuralCollapse;
  readonly binarity: Binarity;
  readonly sameEncoding: SameEncoding;
}

/** All measures that need no more passes of the network. */
export interface LatentFigures {
  readonly test: SetFigures;
  readonly train: SetFigures | null;
  /** Code words, made and counted on the training set where there is one, else on the test set. */
  readonly codeBook: {
    readonly from: 'train' | 'test';
    readonly byPrediction: CodeBook;
    readonly byLabel: CodeBook;
  };
  /** Of the same images as the code words. */
  readonly histograms: LatentHistograms;
  /** Null without a training set. */
  readonly reliability: Reliability | null;
}

/**
 * Measures a latent space. Collapse is that of Papyan et al. on the training set and that of the paper on the test set;
 * thresholds of words come from the training set where there is one, so that nothing is fitted on the images it is used on.
 */
export function measurePoints(test: ScoredPoints, train: ScoredPoints | null): LatentFigures {
  const ofTest = binarityOf(test);
  const ofTrain = train === null ? null : binarityOf(train);
  const fitted = ofTrain ?? ofTest;
  const thresholds = fitted.coordinates.map(({ threshold }) => threshold);
  const source = train ?? test;
  const bits = binarise(source, thresholds);
  const byPrediction = codeBook(bits, source.width, source.predictions, source.numClasses);
  const byLabel = codeBook(bits, source.width, source.labels, source.numClasses);
  const figures = (points: ScoredPoints, binarity: Binarity, definition: 'papyan' | 'paper'): SetFigures => ({
    accuracy: accuracyOf(points),
    calibration: calibrationOfPoints(points),
    collapse: neuralCollapse(points, definition),
    binarity,
    sameEncoding: {
      sign: sameEncoding(points, new Float64Array(points.width)),
      mixture: sameEncoding(points, thresholds),
    },
  });
  return {
    test: figures(test, ofTest, 'paper'),
    train: train === null ? null : figures(train, ofTrain!, 'papyan'),
    codeBook: { from: train === null ? 'test' : 'train', byPrediction, byLabel },
    histograms: latentHistograms(source, fitted.coordinates),
    reliability:
      train === null
        ? null
        : reliabilityOf({
            ...{ train, test },
            uncertainty: uncertainties(test.logits, test.numClasses),
            toBook: {
              hamming: hammingToBook(binarise(test, thresholds), test.width, byPrediction),
              vertex: distanceToBook(test, byPrediction, fitted),
            },
          }),
  };
}

function sameEncoding(points: LatentPoints, thresholds: ArrayLike<number>): number | null {
  const { width, predictions, numClasses } = points;
  return sameEncodingFraction(codeBook(binarise(points, thresholds), width, predictions, numClasses));
}

function accuracyOf({ labels, predictions }: LatentPoints): Proportion {
  const correct = labels.reduce((sum, label, i) => sum + Number(label === predictions[i]), 0);
  return proportion(correct, labels.length);
}

function calibrationOfPoints({ logits, labels, predictions, numClasses }: ScoredPoints): Calibration {
  const outcomes = Array.from(labels, (label, i) => (label === predictions[i] ? 'r' : 'w'));
  const confidences = confidencesOf([logits], numClasses, outcomes);
  return calibrationOf(
    outcomes.map((outcome, i) => ({ confidence: confidences[i]!, correct: outcome === 'r' })),
  );
}
