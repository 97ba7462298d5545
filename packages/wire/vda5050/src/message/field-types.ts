import { type TSchema, Type } from 'typebox';

/** Maximum list length: as many items as fit into 256 KiB; real lists are shorter. */
const MAX_ITEMS = 1000;
/** Maximum text length: longer than any name or readable error text. */
const MAX_TEXT_LENGTH = 16_384;
/** The standard uses 32-bit counters. */
const MAX_UINT32 = 2 ** 32 - 1;

export const Text = Type.String({ maxLength: MAX_TEXT_LENGTH });
export const Uint32 = Type.Integer({ minimum: 0, maximum: MAX_UINT32 });
/** Half a turn in radians. The limits in the schemas are rounded up to nine digits or more. */
export const HALF_TURN = Math.PI + 1e-9;
export const Angle = Type.Number({ minimum: -HALF_TURN, maximum: HALF_TURN });
export const NotNegative = Type.Number({ minimum: 0 });

export const list = <S extends TSchema>(items: S) => Type.Array(items, { maxItems: MAX_ITEMS });
export const optionalText = Type.Optional(Text);
export const optionalNumber = Type.Optional(Type.Number());
export const optionalBoolean = Type.Optional(Type.Boolean());
