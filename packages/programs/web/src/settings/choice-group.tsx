import { useId } from 'react';

interface ChoiceGroupProps<Choice extends string> {
  readonly label: string;
  /** Each with the text that stands for it. */
  readonly choices: readonly (readonly [Choice, string])[];
  readonly chosen: Choice;
  readonly onChoose: (choice: Choice) => void;
}

/** One of a few, all of them to be seen. */
export function ChoiceGroup<Choice extends string>({ label, choices, chosen, onChoose }: ChoiceGroupProps<Choice>) {
  const name = useId();
  return (
    <fieldset className="settings-choices">
      <legend>{label}</legend>
      {choices.map(([choice, text]) => (
        <label key={choice} className="settings-choice">
          <input
            type="radio"
            name={name}
            value={choice}
            checked={choice === chosen}
            onChange={() => onChoose(choice)}
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
