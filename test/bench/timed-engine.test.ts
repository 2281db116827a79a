import { describe, expect, it } from '@jest/globals';
import { timedEngine } from '../../src/bench/timed-engine.js';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime/engine.js';
import { GraphBuilder } from '../../src/graph/builder.js';
import { floatTensor } from '../../src/tensor/tensor.js';

describe('a timed engine', () => {
  it('gives the same values, and counts only the time inside graphs', async () => {
    const builder = new GraphBuilder({ name: 'double', opsets: { '': 17 } });
    const x = builder.input('x', 'float32', [2]);
    builder.output(builder.addNamed('Add', [x, x], 'y'), 'float32', [2]);
    const engine = timedEngine(await createOnnxRuntimeEngine());
    const session = await engine.compile(builder.build());
    expect(engine.seconds()).toBe(0);
    const { y } = await session.run({ x: floatTensor(Float32Array.of(1, 2), [2]) });
    expect([...(y!.data as Float32Array)]).toEqual([2, 4]);
    const spent = engine.seconds();
    expect(spent).toBeGreaterThan(0);
    await session.release();
    expect(engine.seconds()).toBe(spent);
  });
});
