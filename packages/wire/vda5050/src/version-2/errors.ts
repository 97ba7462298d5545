import { type Static, Type } from 'typebox';
import {
  decodeErrorFields,
  decodeInformationFields,
  encodeErrorFields,
  encodeInformationFields,
  errorFields,
  informationFields,
} from '../message/error-fields.ts';
import { optionalText } from '../message/field-types.ts';
import { omitEmpty } from '../message/omit-empty.ts';
import type { ErrorLevel, RobotError, RobotInformation } from '../robot/robot-error.ts';

/** 2.1.0, 6.10.6. */
export const ErrorMessage = Type.Object({ ...errorFields, errorLevel: Type.Enum(['WARNING', 'FATAL']) });
type ErrorMessage = Static<typeof ErrorMessage>;

export const InformationMessage = Type.Object({ ...informationFields, infoDescription: optionalText });
type InformationMessage = Static<typeof InformationMessage>;

/** The two levels distinguish whether a robot continues its order. */
const MESSAGE_LEVELS: Readonly<Record<ErrorLevel, ErrorMessage['errorLevel']>> = {
  WARNING: 'WARNING',
  URGENT: 'WARNING',
  CRITICAL: 'FATAL',
  FATAL: 'FATAL',
};

export const encodeError = (error: RobotError): ErrorMessage => ({
  ...encodeErrorFields(error),
  errorLevel: MESSAGE_LEVELS[error.level],
});

export const decodeError = (error: ErrorMessage): RobotError =>
  omitEmpty({ ...decodeErrorFields(error), level: error.errorLevel });

export const encodeInformation = (information: RobotInformation): InformationMessage => ({
  ...encodeInformationFields(information),
  infoDescription: information.description,
});

export const decodeInformation = (information: InformationMessage): RobotInformation =>
  omitEmpty({ ...decodeInformationFields(information), description: information.infoDescription });
