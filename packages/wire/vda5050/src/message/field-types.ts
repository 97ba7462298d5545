import { type TSchema, Type } from 'typebox';

/** As many as 256 KiB hold of the smallest; what has more is no list of a robot. */
const MAX_ITEMS = 1000;
/** Longer than what a person reads of an error, and than any name. */
const MAX_TEXT_LENGTH = 16_384;
/** The standard counts in 32 bits. */
const MAX_UINT32 = 2 ** 32 - 1;

export const Text = Type.String({ maxLength: MAX_TEXT_LENGTH });
export const Uint32 = Type.Integer({ minimum: 0, maximum: MAX_UINT32 });
/** Half a turn in radians: the limits are published with nine digits or more, rounded up. */
export const HALF_TURN = Math.PI + 1e-9;
export const Angle = Type.Number({ minimum: -HALF_TURN, maximum: HALF_TURN });
export const NotNegative = Type.Number({ minimum: 0 });

export const list = <S extends TSchema>(items: S) => Type.Array(items, { maxItems: MAX_ITEMS });
export const optionalText = Type.Optional(Text);
export const optionalNumber = Type.Optional(Type.Number());
export const optionalBoolean = Type.Optional(Type.Boolean());
