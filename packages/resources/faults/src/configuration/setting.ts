interface Described {
  /** What it does, in a sentence or two. */
  readonly about: string;
}

export interface NumericSetting extends Described {
  readonly type: 'integer' | 'number';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** What a value below the range becomes: the default, the nearest value inside, or itself with the other sign. */
  readonly below: 'default' | 'clamp' | 'negate';
  readonly above: 'clamp' | 'negate';
}

export interface BooleanSetting extends Described {
  readonly type: 'boolean';
  readonly default: boolean;
}

export interface TextSetting extends Described {
  readonly type: 'text';
  readonly default: string;
}

export interface ChoiceSetting<Choice extends string = string> extends Described {
  readonly type: 'choice';
  readonly choices: readonly Choice[];
  readonly default: Choice;
  /** What any other word becomes. */
  readonly otherwise: Choice;
}

export interface ListSetting extends Described {
  readonly type: 'list';
  readonly default: readonly string[];
}

/** One row of the table of settings. */
export type Setting = NumericSetting | BooleanSetting | TextSetting | ChoiceSetting | ListSetting;

/** The type of the values of a setting. */
export type ValueOf<S extends Setting> = S extends NumericSetting
  ? number
  : S extends BooleanSetting
    ? boolean
    : S extends ListSetting
      ? readonly string[]
      : S extends ChoiceSetting<infer Choice>
        ? Choice
        : string;

/** A choice, typed by its words. */
export function choice<const Choice extends string>(
  choices: readonly Choice[],
  row: Omit<ChoiceSetting<NoInfer<Choice>>, 'type' | 'choices'>,
): ChoiceSetting<Choice> {
  return { type: 'choice', choices, ...row };
}
