/** Levels of 3.0.0 (6.6.5.1), from what needs nobody to what needs a person. 2.1.0 has the first and the last. */
export const ERROR_LEVELS = ['WARNING', 'URGENT', 'CRITICAL', 'FATAL'] as const;
export type ErrorLevel = (typeof ERROR_LEVELS)[number];

/** What an error or an information is about: a key such as `orderId`, and its value. */
export interface Reference {
  readonly key: string;
  readonly value: string;
}

/** A text in other languages, by their codes of ISO 639-1. 2.1.0 has no room for them. */
export type Translations = Readonly<Record<string, string>>;

/** What is wrong with a robot. */
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

/** What a robot tells for people, and no fleet control may act upon. */
export interface RobotInformation {
  readonly type: string;
  readonly level: 'INFO' | 'DEBUG';
  readonly references: readonly Reference[];
  readonly description?: string;
}
