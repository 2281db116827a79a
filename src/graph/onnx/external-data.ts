import { GauntletError } from '../../errors.js';
import type { ByteSource, ExternalFiles } from './byte-source.js';
import { TensorProto_DataLocation, type TensorProto } from './generated/onnx_pb.js';
import { OWN_FILE } from './skeleton.js';

/** Reads files beside a model where there are none: the model is only in memory. */
export const noExternalFiles: ExternalFiles = (location) => {
  throw new GauntletError('MODEL_INVALID', `tensors are stored outside the model, in ${location}`, {
    help: 'Load the model from its own folder, or save it as one file (onnx.save with save_as_external_data=False).',
  });
};

/** The files a model may name, its own among them. */
export const withOwnFile =
  (own: ByteSource, files: ExternalFiles): ExternalFiles =>
  (location) =>
    location === OWN_FILE ? own : files(location);

export const isExternal = (proto: TensorProto): boolean =>
  proto.dataLocation === TensorProto_DataLocation.EXTERNAL;

/** Location of a tensor stored outside (external_data's entry of that name); undefined when the file names none. */
export const locationOf = (proto: TensorProto): string | undefined => entry(proto, 'location');

const entry = (proto: TensorProto, key: string): string | undefined =>
  proto.externalData.find((item) => item.key === key)?.value;

/**
 * The bytes of a tensor stored outside: `offset` (0 by default) and `length` (all the tensor needs by default) as the file says.
 * @param expected bytes the tensor's type and shape need
 * @throws GauntletError MODEL_UNREADABLE when offset or length make no sense or reach beyond the file; MODEL_INVALID when no
 *   location is named, and what `files` throws.
 */
export function readExternal(
  proto: TensorProto,
  name: string,
  expected: number,
  files: ExternalFiles,
): Uint8Array {
  const location = locationOf(proto);
  if (location === undefined || location === '')
    throw new GauntletError(
      'MODEL_INVALID',
      `tensor "${name}" is stored outside the model, but no file is named`,
    );
  const place = location === OWN_FILE ? 'the file' : location;
  const offset = wholeNumber(entry(proto, 'offset') ?? '0', 'offset', name, place);
  const length = wholeNumber(entry(proto, 'length') ?? String(expected), 'length', name, place);
  if (length !== expected)
    throw new GauntletError(
      'MODEL_UNREADABLE',
      `tensor "${name}" needs ${expected} bytes, ${place} holds ${length}`,
    );
  const source = files(location);
  if (offset + length > source.size)
    throw new GauntletError(
      'MODEL_UNREADABLE',
      `tensor "${name}" needs bytes ${offset} to ${offset + length} of ${place}, which has ${source.size}`,
      { help: 'The file is too short; export or download it again.' },
    );
  return source.read(offset, length);
}

function wholeNumber(text: string, what: string, name: string, place: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new GauntletError(
    'MODEL_UNREADABLE',
    `tensor "${name}" in ${place} has the ${what} "${text}", which is not a whole number of bytes`,
  );
}
