/**
 * Square Attack: a random search that needs scores only. Every query overwrites a window of the perturbation and keeps what
 * lowers the margin; the windows shrink as the queries are used up.
 *
 * Andriushchenko, Croce, Flammarion, Hein, "Square Attack: a query-efficient black-box adversarial attack via random search",
 * ECCV 2020, arXiv:1912.00049, algorithms 1 to 3.
 *
 * Reference: max-andr/square-attack and, for the schedule and the defaults, fra31/auto-attack at a392200. Deviations: a window
 * may reach the last row and column, as the paper has it (both codes stop one short), and is cut to the image where it is
 * larger, keeping its area; positions and colours are drawn per example; in Linf, colours that would change nothing are
 * redrawn, as in the first of the two. `compat: autoattack` takes the second one's positions and single draw.
 *
 * Limits: Linf and L2 only. It moves windows of an image, so on inputs without neighbourhoods they mean little. Thousands
 * of queries, one proposal each. It needs scores: a margin that does not move leaves it without a direction.
 */
import {
  boxOf,
  Candidates,
  clamp,
  defineAttack,
  exampleSize,
  pixelGridOf,
  progressOf,
  rowOf,
  shiftWindow,
  sliceRow,
  twinBump,
  writeWindow,
  type Batch,
  type Box,
  type PixelGrid,
  type PixelWindow,
  type RandomStream,
} from '#plugin';

// Looked up once: this runs for every query of every example.
const { floor, max, min, round, sqrt } = Math;

/** Queries up to which the windows cover a share of the image, as a divisor of the first one; smaller after the last. */
const SCHEDULE: readonly (readonly [until: number, divisor: number])[] = [
  [10, 1],
  [50, 2],
  [200, 4],
  [500, 8],
  [1000, 16],
  [2000, 32],
  [4000, 64],
  [6000, 128],
  [8000, 256],
];
const LAST_DIVISOR = 512;
/** The schedule is written for so many queries. */
const SCHEDULE_QUERIES = 10_000;
/** Draws of colours for one window before a query that changes nothing is accepted. */
const COLOUR_DRAWS = 30;
/** The L2 search begins with tiles, so many along the shorter side. */
const TILES = 5;

/** One example on its way. */
interface Search {
  /** Row in the batch the attack was given. */
  readonly row: number;
  readonly random: RandomStream;
  best: Float32Array;
  trial: Float32Array;
  margin: number;
}

/** How a norm's perturbation begins and changes; both write a search's `trial`. */
interface Moves {
  begin(search: Search): void;
  /** @param side of the window to change (pixels), before it is cut to the image. */
  change(search: Search, side: number): void;
}

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'square',
    title: 'Square',
    summary: 'Random search over square windows, by scores alone: the gradient-free part of AutoAttack.',
    paper:
      'Andriushchenko, Croce, Flammarion, Hein, "Square Attack: a query-efficient black-box adversarial attack via random search", ECCV 2020, arXiv:1912.00049',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['lp', 'box'],
    norms: ['linf', 'l2'],
    goals: ['untargeted', 'targeted'],
    access: 'scores',
    stochastic: true,
    cost: ({ queries, restarts }) => ({ forward: queries * restarts, gradient: 0 }),
    linear: 'bound',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      queries: {
        type: 'integer',
        minimum: 1,
        maximum: 1_000_000,
        default: 5000,
        description: 'Forward passes per run, the first point included',
      },
      restarts: {
        type: 'integer',
        minimum: 1,
        maximum: 10_000,
        default: 1,
        description: 'Runs at most; each attacks what the ones before did not fool',
      },
      pInit: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.8,
        description: 'Share of the image that the first windows cover',
      },
      rescaleSchedule: {
        type: 'boolean',
        default: false,
        description:
          'Shrink the windows over the whole of the queries; otherwise as if there were 10,000 (AutoAttack)',
      },
      compat: {
        type: 'string',
        enum: ['none', 'autoattack'],
        default: 'none',
        description: 'autoattack: windows never reach the last row and column, colours are drawn once',
      },
    },
  },

  async run(classifier, batch, threat, goal, parameters, context) {
    const { queries, restarts, pInit, rescaleSchedule, compat } = parameters;
    const size = exampleSize(batch);
    const grid = pixelGridOf(classifier.input);
    const candidates = new Candidates(batch);
    const moves =
      threat.kind === 'lp' && threat.norm === 'l2'
        ? sphereMoves(batch, grid, classifier.input.bounds, threat.epsilon, placeWindow)
        : cornerMoves(
            boxOf(threat, batch, classifier.input.bounds),
            grid,
            compat === 'none' ? COLOUR_DRAWS : 1,
            placeWindow,
          );

    for (let restart = 0; restart < restarts; restart++) {
      let active = candidates.unsolved.map((row) => searchOf(row, restart));
      for (let query = 0; query < queries && active.length > 0; query++) {
        context.signal.throwIfAborted();
        const side = sideOf(query);
        for (const search of active) {
          if (query === 0) moves.begin(search);
          else moves.change(search, side);
        }
        active = await ask(active);
        context.progress((restart * queries + query + 1) / (restarts * queries));
      }
    }
    return { kind: 'examples', data: candidates.data };

    function searchOf(row: number, restart: number): Search {
      const random = context.random(batch.keys[row]!, 'search', restart);
      const best = rowOf(batch, row).slice();
      return { row, random, best, trial: new Float32Array(size), margin: -Infinity };
    }

    /** Scores the trials, keeps those that are better, and returns the examples that are not fooled yet. */
    async function ask(active: Search[]): Promise<Search[]> {
      const logits = await classifier.logits(trialsOf(active));
      return active.filter((search, position) => {
        const scores = sliceRow(logits, position, classifier.numClasses);
        const progress = progressOf(scores, batch.labels[search.row]!, goal, search.row);
        if (progress.reached || progress.margin > search.margin) {
          candidates.offer(search.row, search.trial, progress);
          [search.best, search.trial] = [search.trial, search.best];
          search.margin = progress.margin;
        }
        return !progress.reached;
      });
    }

    function trialsOf(active: readonly Search[]): Batch {
      const data = new Float32Array(active.length * size);
      active.forEach(({ trial }, position) => data.set(trial, position * size));
      return { shape: batch.shape, data, keys: active.map(({ row }) => batch.keys[row]!) };
    }

    /** Side of the square that covers the share of the image that the schedule allows. */
    function sideOf(query: number): number {
      const place = rescaleSchedule ? floor((query * SCHEDULE_QUERIES) / queries) : query;
      const divisor = SCHEDULE.find(([until]) => place <= until)?.[1] ?? LAST_DIVISOR;
      return sqrt((pInit / divisor) * grid.height * grid.width);
    }

    /** A window of that area somewhere in the image: a square, unless the image is too narrow for one. */
    function placeWindow(random: RandomStream, side: number): PixelWindow {
      const short = min(side, grid.height, grid.width);
      const long = (side * side) / short;
      const flat = grid.height <= grid.width;
      const height = min(max(round(flat ? short : long), 1), grid.height);
      const width = min(max(round(flat ? long : short), 1), grid.width);
      const places = compat === 'none' ? 1 : 0;
      const top = floor(random.uniform() * (grid.height - height + places));
      const left = floor(random.uniform() * (grid.width - width + places));
      return { top, left, height, width };
    }
  },
});

type PlaceWindow = (random: RandomStream, side: number) => PixelWindow;

/** Linf and boxes: every value at one end of its range; a window has one colour, an end per channel (algorithm 2). */
function cornerMoves({ lower, upper }: Box, grid: PixelGrid, draws: number, place: PlaceWindow): Moves {
  const { channels, height, width, strides } = grid;
  const size = channels * height * width;

  return {
    /** Vertical stripes. */
    begin: ({ row, random, trial }) => {
      for (let channel = 0; channel < channels; channel++) {
        for (let column = 0; column < width; column++) {
          const ends = random.uniform() < 0.5 ? lower : upper;
          let at = channel * strides.channel + column * strides.column;
          for (let y = 0; y < height; y++, at += strides.row) trial[at] = ends[row * size + at]!;
        }
      }
    },
    change: ({ row, random, best, trial }, side) => {
      const window = place(random, side);
      trial.set(best);
      for (let draw = 0, changed = false; draw < draws && !changed; draw++) {
        for (let channel = 0; channel < channels; channel++) {
          const ends = random.uniform() < 0.5 ? lower : upper;
          for (let y = 0; y < window.height; y++) {
            let at =
              channel * strides.channel + (window.top + y) * strides.row + window.left * strides.column;
            for (let x = 0; x < window.width; x++, at += strides.column) {
              const value = ends[row * size + at]!;
              trial[at] = value;
              changed ||= value !== best[at];
            }
          }
        }
      }
    },
  };
}

/** L2: the perturbation's norm is epsilon; one window's share of it moves into another one (algorithm 3). */
function sphereMoves(
  clean: Batch,
  { channels, height, width, strides }: PixelGrid,
  bounds: readonly [number, number],
  epsilon: number,
  place: PlaceWindow,
): Moves {
  const delta = new Float64Array(exampleSize(clean));
  const planes = Array.from({ length: channels }, (_, channel) => ({
    ...{ offset: channel * strides.channel, row: strides.row, column: strides.column },
  }));
  const bumpOf = bumpStore();

  return {
    /** Tiles of bumps all over the image. */
    begin: ({ row, random, trial }) => {
      delta.fill(0);
      const side = max(floor(min(height, width) / TILES), 1);
      const [rows, columns] = [floor(height / side), floor(width / side)];
      const [top, left] = [(height - rows * side) >> 1, (width - columns * side) >> 1];
      for (let tile = 0; tile < rows * columns; tile++) {
        const corner = { top: top + floor(tile / columns) * side, left: left + (tile % columns) * side };
        const window = { ...corner, height: side, width: side };
        const bump = bumpOf(random, window);
        for (const plane of planes) writeWindow(delta, plane, window, bump, signFrom(random));
      }
      write(row, trial);
    },
    change: ({ row, random, best, trial }, wanted) => {
      const side = max(round(wanted), 3);
      const odd = side % 2 === 0 ? side + 1 : side;
      const [to, from] = [place(random, odd), place(random, odd)];
      const bump = bumpOf(random, to);
      const spare = max(epsilon ** 2 - read(row, best), 0) / channels;
      for (const plane of planes) {
        shiftWindow(delta, plane, { to, from, bump, sign: signFrom(random), spare });
      }
      write(row, trial);
    },
  };

  /** Reads the perturbation into `delta`. @returns its squared norm */
  function read(row: number, point: Float32Array): number {
    const origin = rowOf(clean, row);
    let square = 0;
    for (let i = 0; i < delta.length; i++) {
      const value = point[i]! - origin[i]!;
      delta[i] = value;
      square += value * value;
    }
    return square;
  }

  /** The clean example plus `delta` stretched to norm epsilon, cut to the bounds. */
  function write(row: number, out: Float32Array): void {
    let square = 0;
    for (let i = 0; i < delta.length; i++) square += delta[i]! * delta[i]!;
    const scale = square > 0 ? epsilon / sqrt(square) : 0;
    const origin = rowOf(clean, row);
    for (let i = 0; i < delta.length; i++) out[i] = clamp(origin[i]! + delta[i]! * scale, ...bounds);
  }
}

function signFrom(random: RandomStream): 1 | -1 {
  return random.uniform() < 0.5 ? -1 : 1;
}

/** Bumps by size, divided along rows or columns by chance. */
function bumpStore(): (random: RandomStream, window: PixelWindow) => Float64Array {
  const known = new Map<string, Float64Array>();
  return (random, { height, width }) => {
    const division = random.uniform() < 0.5 ? 'rows' : 'columns';
    const name = `${height} ${width} ${division}`;
    const bump = known.get(name) ?? twinBump(height, width, division);
    known.set(name, bump);
    return bump;
  };
}
