import { GauntletError } from '../errors.js';

/** One kernel in one run of a graph. */
export interface KernelRun {
  /** The operator as the engine ran it: fused, in its blocked layout (`Conv (NCHWc)`), or one that it added (`ReorderInput`). */
  readonly operator: string;
  /** Name of the node; nodes that the engine added or fused have names of its own. */
  readonly node: string;
  /** Shapes of its inputs. */
  readonly shapes: string;
  readonly microseconds: number;
}

/** One run of a graph, as the profiler saw it. */
export interface TracedRun {
  /** The whole run, as the caller sees it. */
  readonly microseconds: number;
  readonly kernels: readonly KernelRun[];
}

/** An entry of ONNX Runtime's trace, as far as it is read here. */
interface TraceEvent {
  readonly cat: string;
  readonly name: string;
  /** Microseconds since the session began. */
  readonly ts: number;
  readonly dur: number;
  readonly args?: {
    readonly op_name?: string;
    readonly input_type_shape?: readonly Readonly<Record<string, readonly number[]>>[];
  };
}

const RUN = 'model_run';
const KERNEL = '_kernel_time';
/** What ONNX Runtime appends to the names of nodes it moved into the blocked layout of its convolutions. */
const BLOCKED = '_nchwc';

/**
 * The runs in a trace that ONNX Runtime's profiler wrote, in order.
 * @throws GauntletError INTERNAL when the text is not such a trace, as another version of the engine may write it.
 */
export function readTrace(text: string): TracedRun[] {
  const events = parse(text);
  return events
    .filter(({ cat, name }) => cat === 'Session' && name === RUN)
    .map(({ ts, dur }) => ({
      microseconds: dur,
      kernels: events
        .filter((event) => event.ts >= ts && event.ts < ts + dur && isKernel(event))
        .map(kernelRun),
    }));
}

function parse(text: string): TraceEvent[] {
  try {
    const events: unknown = JSON.parse(text);
    if (Array.isArray(events)) return events as TraceEvent[];
  } catch (error) {
    throw new GauntletError('INTERNAL', "The trace of ONNX Runtime's profiler is not JSON.", {
      cause: error,
    });
  }
  throw new GauntletError('INTERNAL', "The trace of ONNX Runtime's profiler is not a list of events.");
}

const isKernel = ({ cat, name }: TraceEvent): boolean => cat === 'Node' && name.endsWith(KERNEL);

function kernelRun({ name, dur, args = {} }: TraceEvent): KernelRun {
  const node = name.slice(0, -KERNEL.length);
  const operator = args.op_name ?? node;
  return {
    operator: node.endsWith(BLOCKED) ? `${operator} (NCHWc)` : operator,
    node,
    shapes: (args.input_type_shape ?? []).map(shapeText).join(' '),
    microseconds: dur,
  };
}

const shapeText = (input: Readonly<Record<string, readonly number[]>>): string =>
  Object.values(input)
    .map((dims) => `[${dims.join(',')}]`)
    .join('');
