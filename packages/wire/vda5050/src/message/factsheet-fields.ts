import { type TInteger, type TNumber, type TOptional, Type } from 'typebox';
import { list, NotNegative, optionalNumber, optionalText, Text } from './field-types.ts';

/* The factsheet parts that both versions share: few, because nearly every member has another name in each. */

type Members<N extends string, S> = Readonly<Record<N, S>>;
const members = <N extends string, S>(names: readonly N[], schema: S) =>
  Object.fromEntries(names.map((name) => [name, schema])) as Members<N, S>;

export const numbers = <N extends string>(...names: N[]): Members<N, TNumber> => members(names, Type.Number());
export const optionalNumbers = <N extends string>(...names: N[]): Members<N, TOptional<TNumber>> =>
  members(names, optionalNumber);
/** Quantities that must not be negative according to the schema. */
export const notNegative = <N extends string>(...names: N[]): Members<N, TNumber> => members(names, NotNegative);
export const optionalNotNegative = <N extends string>(...names: N[]): Members<N, TOptional<TNumber>> =>
  members(names, Type.Optional(NotNegative));
export const optionalIntegers = <N extends string>(...names: N[]): Members<N, TOptional<TInteger>> =>
  members(names, Type.Optional(Type.Integer()));

/** Maximum lengths. */
export const optionalLengths = <N extends string>(...names: N[]): Members<N, TOptional<TInteger>> =>
  members(names, Type.Optional(Type.Integer({ minimum: 0 })));

export const TextList = list(Text);
export const optionalTextList = Type.Optional(TextList);

export const Point = Type.Object({ x: Type.Number(), y: Type.Number() });
const KeyValue = Type.Object({ key: Text, value: Text });

export const OptionalParameter = Type.Object({
  parameter: Text,
  support: Type.Enum(['SUPPORTED', 'REQUIRED']),
  description: optionalText,
});

export const wheelFields = {
  isActiveDriven: Type.Boolean(),
  isActiveSteered: Type.Boolean(),
  position: Type.Object({ x: Type.Number(), y: Type.Number(), theta: optionalNumber }),
  ...numbers('diameter', 'width'),
  centerDisplacement: optionalNumber,
  constraints: optionalText,
};

export const envelope3dFields = {
  format: Text,
  data: Type.Optional(Type.Object({})),
  url: optionalText,
  description: optionalText,
};

export const loadSetFields = {
  setName: Text,
  loadType: Text,
  loadPositions: optionalTextList,
  boundingBoxReference: Type.Optional(
    Type.Object({ x: Type.Number(), y: Type.Number(), z: Type.Number(), theta: optionalNumber }),
  ),
  loadDimensions: Type.Optional(Type.Object({ length: Type.Number(), width: Type.Number(), height: optionalNumber })),
  description: optionalText,
};

export const configurationFields = {
  versions: Type.Optional(list(KeyValue)),
  network: Type.Optional(
    Type.Object({
      dnsServers: optionalTextList,
      ntpServers: optionalTextList,
      localIpAddress: optionalText,
      netmask: optionalText,
      defaultGateway: optionalText,
    }),
  ),
};
