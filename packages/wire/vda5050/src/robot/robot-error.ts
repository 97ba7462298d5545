/**
 * Levels of 3.0.0 (6.6.5.1), by increasing severity; the last one requires a person. 2.1.0 has the first and the last.
 */
export const ERROR_LEVELS = ['WARNING', 'URGENT', 'CRITICAL', 'FATAL'] as const;
export type ErrorLevel = (typeof ERROR_LEVELS)[number];

/** The subject of an error or information: a key such as `orderId`, and its value. */
export interface Reference {
  readonly key: string;
  readonly value: string;
}

/** A text in other languages, by ISO 639-1 code. 2.1.0 does not support it. */
export type Translations = Readonly<Record<string, string>>;

/** An error of a robot. */
export interface RobotError {
  readonly type: string;
  readonly level: ErrorLevel;
  readonly references: readonly Reference[];
  readonly description?: string;
  readonly descriptionTranslations?: Translations;
  /** What can be done about it. */
  readonly hint?: string;
  readonly hintTranslations?: Translations;
}

/** Information of a robot for people. A fleet control must not act on it. */
export interface RobotInformation {
  readonly type: string;
  readonly level: 'INFO' | 'DEBUG';
  readonly references: readonly Reference[];
  readonly description?: string;
}
