import { type Static, Type } from 'typebox';
import type { RobotError, RobotInformation } from '../robot/robot-error.ts';
import { optionalText, Text } from './field-types.ts';
import { decodeReferences, encodeReferences, References } from './references.ts';

/** Error fields that both versions share: all but the level and the translations. */
export const errorFields = {
  errorType: Text,
  errorReferences: Type.Optional(References),
  errorDescription: optionalText,
  errorHint: optionalText,
};
const ErrorMessage = Type.Object(errorFields);
type ErrorMessage = Static<typeof ErrorMessage>;

/** Information fields that both versions share: all but the description. */
export const informationFields = {
  infoType: Text,
  infoLevel: Type.Enum(['INFO', 'DEBUG']),
  infoReferences: Type.Optional(References),
};
const InformationMessage = Type.Object(informationFields);
type InformationMessage = Static<typeof InformationMessage>;

export const encodeErrorFields = (error: RobotError): ErrorMessage => ({
  errorType: error.type,
  errorReferences: encodeReferences(error.references),
  errorDescription: error.description,
  errorHint: error.hint,
});

export const decodeErrorFields = (error: ErrorMessage) => ({
  type: error.errorType,
  references: decodeReferences(error.errorReferences),
  description: error.errorDescription,
  hint: error.errorHint,
});

export const encodeInformationFields = ({ type, level, references }: RobotInformation): InformationMessage => ({
  infoType: type,
  infoLevel: level,
  infoReferences: encodeReferences(references),
});

export const decodeInformationFields = ({ infoType, infoLevel, infoReferences }: InformationMessage) => ({
  type: infoType,
  level: infoLevel,
  references: decodeReferences(infoReferences),
});
