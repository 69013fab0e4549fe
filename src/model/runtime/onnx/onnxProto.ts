import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/**
 * The part of ONNX's protocol buffers that a network needs, written field by field. Field numbers: `onnx.proto` of the
 * ONNX project. Weights are external data, so a model stays small whatever its weights take.
 */
export interface OnnxModel {
  readonly opset: number;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
  readonly weights: readonly OnnxWeight[];
}

/** A float32 input or output; a named dimension is free. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] };

/** A one-dimensional int64 tensor, stored in the model. */
export interface OnnxConstant {
  readonly name: string;
  readonly values: readonly number[];
}

/** A float32 tensor whose values are the whole of the external file `name`. */
export interface OnnxWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly byteLength: number;
}

/** IR version 8 is the one of ONNX 1.12, which defined opset 17. */
const irVersion = 8;
const floatType = 1;
const int64Type = 7;
const externalLocation = 1;
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** The bytes of an ONNX `ModelProto`. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const writer = new BinaryWriter();
  integer(writer, 1, irVersion);
  message(writer, 7, () => writeGraph(writer, model));
  message(writer, 8, () => {
    text(writer, 1, '');
    integer(writer, 2, model.opset);
  });
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, model: OnnxModel): void {
  for (const node of model.nodes) message(writer, 1, () => writeNode(writer, node));
  text(writer, 2, 'network');
  for (const constant of model.constants) message(writer, 5, () => writeConstant(writer, constant));
  for (const weight of model.weights) message(writer, 5, () => writeWeight(writer, weight));
  for (const value of model.inputs) message(writer, 11, () => writeValue(writer, value));
  for (const value of model.outputs) message(writer, 12, () => writeValue(writer, value));
}

function writeNode(writer: BinaryWriter, { op, inputs, outputs, attributes = {} }: OnnxNode): void {
  for (const input of inputs) text(writer, 1, input);
  for (const output of outputs) text(writer, 2, output);
  text(writer, 3, outputs[0]);
  text(writer, 4, op);
  for (const [name, attribute] of Object.entries(attributes)) {
    message(writer, 5, () => writeAttribute(writer, name, attribute));
  }
}

function writeAttribute(writer: BinaryWriter, name: string, attribute: OnnxAttribute): void {
  text(writer, 1, name);
  switch (attribute.kind) {
    case 'float':
      writer.tag(2, WireType.Bit32).float(attribute.value);
      break;
    case 'int':
      integer(writer, 3, attribute.value);
      break;
    case 'string':
      text(writer, 4, attribute.value);
      break;
    case 'ints':
      integers(writer, 8, attribute.value);
      break;
  }
  integer(writer, 20, attributeTypes[attribute.kind]);
}

function writeConstant(writer: BinaryWriter, { name, values }: OnnxConstant): void {
  integers(writer, 1, [values.length]);
  integer(writer, 2, int64Type);
  integers(writer, 7, values);
  text(writer, 8, name);
}

function writeWeight(writer: BinaryWriter, { name, shape, byteLength }: OnnxWeight): void {
  integers(writer, 1, shape);
  integer(writer, 2, floatType);
  text(writer, 8, name);
  const entries = { location: name, offset: '0', length: String(byteLength) };
  for (const [key, value] of Object.entries(entries)) {
    message(writer, 13, () => {
      text(writer, 1, key);
      text(writer, 2, value);
    });
  }
  integer(writer, 14, externalLocation);
}

function writeValue(writer: BinaryWriter, { name, shape }: OnnxValue): void {
  text(writer, 1, name);
  // TypeProto.tensor_type, then its element type and its shape.
  message(writer, 2, () =>
    message(writer, 1, () => {
      integer(writer, 1, floatType);
      message(writer, 2, () => {
        for (const size of shape) {
          message(writer, 1, () => (typeof size === 'number' ? integer(writer, 1, size) : text(writer, 2, size)));
        }
      });
    }),
  );
}

function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}

function integer(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}

function integers(writer: BinaryWriter, field: number, values: readonly number[]): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  for (const value of values) writer.int64(value);
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}
