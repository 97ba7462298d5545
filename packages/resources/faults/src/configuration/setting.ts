interface Described {
  /** What the parameter does, in a sentence or two. */
  readonly about: string;
}

export interface NumericSetting extends Described {
  readonly type: 'integer' | 'number';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** How a value below the range is replaced: by the default, the nearest valid value, or the negated value. */
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
  /** Replacement for any other word. */
  readonly otherwise: Choice;
}

export interface ListSetting extends Described {
  readonly type: 'list';
  readonly default: readonly string[];
}

/** Description of one parameter. */
export type Setting = NumericSetting | BooleanSetting | TextSetting | ChoiceSetting | ListSetting;

/** Value type of a setting. */
export type ValueOf<S extends Setting> = S extends NumericSetting
  ? number
  : S extends BooleanSetting
    ? boolean
    : S extends ListSetting
      ? readonly string[]
      : S extends ChoiceSetting<infer Choice>
        ? Choice
        : string;

/** Creates a choice setting, typed by its words. */
export function choice<const Choice extends string>(
  choices: readonly Choice[],
  row: Omit<ChoiceSetting<NoInfer<Choice>>, 'type' | 'choices'>,
): ChoiceSetting<Choice> {
  return { type: 'choice', choices, ...row };
}
