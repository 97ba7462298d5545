import { type Static, Type } from 'typebox';
import type { Reference } from '../robot/robot-error.ts';
import { list, Text } from './field-types.ts';

/** References of errors and of information. */
export const References = list(Type.Object({ referenceKey: Text, referenceValue: Text }));
type References = Static<typeof References>;

export const encodeReferences = (references: readonly Reference[]): References =>
  references.map(({ key, value }) => ({ referenceKey: key, referenceValue: value }));

export const decodeReferences = (references: References | undefined): Reference[] =>
  (references ?? []).map(({ referenceKey, referenceValue }) => ({ key: referenceKey, value: referenceValue }));
