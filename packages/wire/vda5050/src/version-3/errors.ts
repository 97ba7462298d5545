import { type Static, Type } from 'typebox';
import {
  decodeErrorFields,
  decodeInformationFields,
  encodeErrorFields,
  encodeInformationFields,
  errorFields,
  informationFields,
} from '../message/error-fields.ts';
import { list, optionalText, Text } from '../message/field-types.ts';
import { omitEmpty } from '../message/omit-empty.ts';
import { ERROR_LEVELS, type RobotError, type RobotInformation, type Translations } from '../robot/robot-error.ts';

const TranslationList = list(Type.Object({ translationKey: Text, translationValue: Text }));
type TranslationList = Static<typeof TranslationList>;

/** 3.0.0, 7.8. */
export const ErrorMessage = Type.Object({
  ...errorFields,
  errorLevel: Type.Enum(ERROR_LEVELS),
  errorDescriptionTranslations: Type.Optional(TranslationList),
  errorHintTranslations: Type.Optional(TranslationList),
});
type ErrorMessage = Static<typeof ErrorMessage>;

export const InformationMessage = Type.Object({ ...informationFields, infoDescriptor: optionalText });
type InformationMessage = Static<typeof InformationMessage>;

export const encodeError = (error: RobotError): ErrorMessage => ({
  ...encodeErrorFields(error),
  errorLevel: error.level,
  errorDescriptionTranslations: encodeTranslations(error.descriptionTranslations),
  errorHintTranslations: encodeTranslations(error.hintTranslations),
});

export const decodeError = (error: ErrorMessage): RobotError =>
  omitEmpty({
    ...decodeErrorFields(error),
    level: error.errorLevel,
    descriptionTranslations: decodeTranslations(error.errorDescriptionTranslations),
    hintTranslations: decodeTranslations(error.errorHintTranslations),
  });

export const encodeInformation = (information: RobotInformation): InformationMessage => ({
  ...encodeInformationFields(information),
  infoDescriptor: information.description,
});

export const decodeInformation = (information: InformationMessage): RobotInformation =>
  omitEmpty({ ...decodeInformationFields(information), description: information.infoDescriptor });

const encodeTranslations = (translations: Translations | undefined): TranslationList | undefined =>
  translations &&
  Object.entries(translations).map(([language, text]) => ({ translationKey: language, translationValue: text }));

const decodeTranslations = (translations: TranslationList | undefined): Translations | undefined =>
  translations && Object.fromEntries(translations.map((entry) => [entry.translationKey, entry.translationValue]));
